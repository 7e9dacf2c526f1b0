package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which unit belongs on which machine. It lives from change to change: units and machines are put
 * and removed, and {@link #settle} looks again at what that can have changed, and at nothing else.
 *
 * <p>A unit is where the cluster's facts say, until the board finds that it must leave; then it is
 * where the board put it, until something is new of the unit or of the machine that it is to leave,
 * or the machine that it is to come to can't have it any more. To settle is to go through three
 * rounds, each in a fixed order:
 *
 * <ol>
 *   <li>global units go to every machine that meets their conditions, whatever room it has;
 *   <li>units that have a machine stay, unless it is gone or no longer meets their conditions: a
 *       machine that joins moves nothing;
 *   <li>the others go, largest first, to the best of the machines that fit, as {@link Ranking}
 *       says.
 * </ol>
 *
 * <p>A machine at which something changed is gone through anew. A unit that no machine can have
 * waits with all others of its {@link Shape}, and is looked for again when one of the changed
 * machines could have it, or when a unit that it follows may move. All else is as it was: other
 * machines can only have got fuller since they refused it.
 *
 * <p>A unit that comes to a machine where units are that its {@code Replaces=} names makes those
 * leave. No unit comes to a machine that is cordoned or drained, and those of a drained one leave
 * it as if it were gone, except for those that {@link Drain} says must stay. While there is a unit
 * with {@code Replaces=}, or one on a drained machine, each settling goes through all, several
 * times: see {@link Rounds}.
 *
 * <p>A unit with {@code MachineOf=} is looked at after those it names, so that it follows them.
 * Memory that is asked for is never promised twice; a unit that asks for none counts a little and
 * always fits. CPU only weighs, except that no machine gets a unit that asks for more than it has.
 *
 * <p>Not safe for several threads.
 */
public final class Board {
    static final String DRAINED = "its machine is drained";
    private static final String GONE = "its machine is gone";

    private final Waiting waiting = new Waiting();
    private final Roster roster = new Roster(waiting);
    private final Seats seats = new Seats(roster);

    /** By machine, also one that is not there: the units that are there as the facts say. */
    private final Map<String, Set<Line>> told = new HashMap<>();

    /** To be gone through anew. */
    private final Set<Seat> changed = new LinkedHashSet<>();

    /** Those that may be elsewhere than when the board was settled last. */
    private final List<Line> touched = new ArrayList<>();

    /** Whether what the last rounds moved may let others leave a drained machine. */
    private boolean unsettled;

    /** Units that don't leave their drained machine, and why. */
    private Map<String, String> staying = Map.of();

    Waiting waiting() {
        return waiting;
    }

    Roster roster() {
        return roster;
    }

    Seats seats() {
        return seats;
    }

    /** What the board says now; it changes with the board. */
    public Schedule schedule() {
        return new Schedule(this);
    }

    /** A machine that is new, or of which something is new. */
    public void put(Machine machine) {
        Seat seat = seats.find(machine.id());
        if (seat == null) {
            seat = seats.add(machine);
        } else if (seat.machine().equals(machine)) {
            return;
        } else {
            seats.change(seat, machine);
            if (machine.eligibility() != Eligibility.READY) {
                turnBack(seat);
            }
        }
        for (Line line : toldTo(machine.id())) {
            bringBack(line, seat);
        }
        changed.add(seat);
    }

    /** A unit that was to leave the machine may be able to stay after all. */
    private void bringBack(Line line, Seat seat) {
        if (line.seat != seat) {
            leave(line);
            sit(line, seat);
        }
    }

    /** Who was to come to a machine that takes nobody any more has not come yet. */
    private void turnBack(Seat seat) {
        for (Line line : List.copyOf(seat.lines())) {
            if (!line.shape.global() && !line.told.contains(seat.id())) {
                String cause = line.cause;
                leave(line);
                await(line, cause);
                askAtHome(line);
            }
        }
    }

    /** A unit that loses the machine that it was to come to is taken to be where the facts say. */
    private void askAtHome(Line line) {
        Seat home = home(line);
        if (home != null) {
            changed.add(home);
        }
    }

    /** The machine is gone, if it was there. */
    public void removeMachine(String id) {
        Seat seat = seats.find(id);
        if (seat == null) {
            return;
        }
        for (Line line : seat.clear()) {
            if (line.shape.global()) {
                line.everywhere.remove(id);
                touched.add(line);
            } else {
                line.seat = null;
                await(line, GONE);
                askAtHome(line);
            }
        }
        for (Line line : toldTo(id)) {
            if (line.seat == null && !line.shape.global()) {
                line.stays(GONE);
            }
        }
        changed.remove(seat);
        seats.remove(seat);
    }

    /** A unit that is new, or of which something is new. */
    public void put(Task task) {
        Line known = roster.find(task.name());
        if (known != null && known.shape.global() != task.requirements().global()) {
            removeUnit(task.name());
            known = null;
        }
        if (known == null) {
            add(task);
            return;
        }
        Line line = known;
        if (!line.shape.wants.equals(task.requirements())) {
            roster.change(line, task);
            changed.addAll(line.shape.global() ? seats.all() : seatOf(line));
            Seat there = line.shape.global() ? null : toldSeat(line);
            if (there != null) {
                bringBack(line, there);
            }
        }
        if (!line.told.equals(task.current())) {
            tell(line, task.current());
        }
    }

    private void add(Task task) {
        Line line = roster.add(task);
        if (line.shape.global()) {
            changed.addAll(seats.all());
            line.told = task.current();
        } else {
            await(line, "");
            tell(line, task.current());
        }
    }

    /** The unit wants no machine any more, if it did. */
    public void removeUnit(String name) {
        Line line = roster.find(name);
        if (line == null) {
            return;
        }
        touched.add(line);
        if (line.shape.global()) {
            line.everywhere.values().forEach(seat -> seat.remove(line));
            changed.addAll(line.everywhere.values());
            line.everywhere.clear();
        }
        leave(line);
        forget(line);
        roster.remove(line);
    }

    private void tell(Line line, Set<String> machines) {
        if (line.shape.global()) {
            // Being there matters only where none may come.
            for (Seat seat : seats.all()) {
                if (line.told.contains(seat.id()) != machines.contains(seat.id())
                        && !Check.ELIGIBILITY.holds(seat, line.shape)) {
                    changed.add(seat);
                }
            }
            line.told = machines;
            return;
        }
        forget(line);
        line.told = machines;
        for (String id : machines) {
            told.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(line);
        }
        Seat seat = toldSeat(line);
        if (seat != null && seat == line.seat) {
            line.stays(line.choice == null ? line.cause : "");
            return;
        }
        leave(line);
        if (seat == null) {
            await(line, machines.isEmpty() ? "" : GONE);
        } else {
            sit(line, seat);
        }
    }

    private void forget(Line line) {
        for (String id : line.told) {
            told.computeIfPresent(
                    id, (_, lines) -> lines.remove(line) && lines.isEmpty() ? null : lines);
        }
    }

    private @Nullable Seat toldSeat(Line line) {
        return seats.find(line.told.stream().min(Comparator.naturalOrder()).orElse(""));
    }

    private static Collection<Seat> seatOf(Line line) {
        return line.seat == null ? List.of() : List.of(line.seat);
    }

    /** To be nowhere, not even among those that wait. */
    private void leave(Line line) {
        Seat seat = line.seat;
        if (seat == null) {
            waiting.remove(line);
        } else {
            seat.remove(line);
            changed.add(seat);
            line.seat = null;
        }
        touched.add(line);
    }

    /** Without a question: its machine will be gone through. */
    private void sit(Line line, Seat seat) {
        line.stays("");
        line.seat = seat;
        seat.add(line);
        changed.add(seat);
        touched.add(line);
    }

    void await(Line line, String cause) {
        line.stays(cause);
        waiting.add(line);
        touched.add(line);
    }

    /**
     * Gives every unit the machine that it belongs on. To be called again as long as it moves
     * units: more may be able to leave a drained machine by then, or to stay beside one that has
     * come.
     *
     * @return the units that belong elsewhere than when the board was settled last, or nowhere
     */
    public Set<String> settle() {
        boolean inRounds = false;
        if (unsettled || !changed.isEmpty() || waiting.hasNew()) {
            inRounds = roster.hasReplacing() || isDrained();
            if (inRounds) {
                changed.clear();
                new Rounds(this).run();
                touched.addAll(roster.lines());
            } else {
                List<Seat> now = List.copyOf(changed);
                changed.clear();
                var _ = settle(now);
            }
        }
        Set<String> moved = new LinkedHashSet<>();
        for (Line line : touched) {
            if (line.hasMoved()) {
                moved.add(line.name);
            }
        }
        touched.clear();
        unsettled = !moved.isEmpty() && (inRounds || isDrained());
        return Collections.unmodifiableSet(moved);
    }

    /** Whether a unit is on a machine that is drained. */
    private boolean isDrained() {
        return seats.draining().stream()
                .anyMatch(seat ->
                        seat.lines().stream().anyMatch(line -> !line.shape.global())
                                || toldTo(seat.id()).stream()
                                        .anyMatch(
                                                line -> line.seat == null && !line.shape.global()));
    }

    /** Where a unit is taken to be; one that waits may still be on the machine it had. */
    @Nullable Seat home(Line line) {
        return line.seat == null ? toldSeat(line) : line.seat;
    }

    /**
     * The three rounds, on those machines only.
     *
     * @return the units that make others leave the machine they have come to
     */
    Map<Line, Seat> settle(Collection<Seat> at) {
        Collection<Seat> asked = new RollCall(this).at(at);
        Search search = new Search(this, waiting.woken(asked), asked);
        search.run();
        touched.addAll(search.found());
        waiting.settled();
        for (Line line : search.found()) {
            if (line.seat != null && waiting.isFollowed(line.name)) {
                // Who waits for it may be there still, and have to be asked whether it can stay.
                changed.add(line.seat);
            }
        }
        return search.replacing();
    }

    void staying(Map<String, String> names) {
        staying = names;
    }

    /** Units that don't leave their drained machine, and why. */
    Map<String, String> staying() {
        return staying;
    }

    /** The units that a machine has as the facts say, wherever the board has them. */
    Set<Line> toldTo(String machine) {
        return told.getOrDefault(machine, Set.of());
    }

    /** It may be elsewhere from now on. */
    void touch(Line line) {
        touched.add(line);
    }
}
