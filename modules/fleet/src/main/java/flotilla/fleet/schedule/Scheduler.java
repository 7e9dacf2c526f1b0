package flotilla.fleet.schedule;

import flotilla.fleet.job.Machine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds each unit its machine, in three rounds, each in a fixed order:
 *
 * <ol>
 *   <li>global units go to every machine that meets their conditions, whatever room it has;
 *   <li>units that have a machine stay, unless it is gone or no longer meets their conditions: a
 *       machine that joins moves nothing;
 *   <li>the others go, largest first, to the best of the machines that fit: the one with fewest
 *       instances of the same template, then with the lowest share of memory or CPU in use, then
 *       with fewest units, then with the lowest id.
 * </ol>
 *
 * <p>A unit that comes to a machine where units are that its {@code Replaces=} names makes those
 * leave: then all is placed again, with that unit counted as being there already.
 *
 * <p>No unit comes to a machine that is cordoned or drained. Those of a drained one leave it as if
 * it were gone, except for those that {@link Drain} says must stay.
 *
 * <p>A unit with {@code MachineOf=} is looked at after those it names, so that it follows them.
 * Memory that is asked for is never promised twice; a unit that asks for none counts a little and
 * always fits. CPU only weighs, except that no machine gets a unit that asks for more than it has.
 */
public final class Scheduler {
    /**
     * How often all is placed again for the sake of units that replace others. Whoever was not
     * settled by then makes room in a later pass: what is placed counts as being there.
     */
    private static final int MAX_ROUNDS = 100;

    private static final String DRAINED = "its machine is drained";

    private final Given given;
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Placement> placed = new TreeMap<>();
    private final Map<String, Set<String>> global = new TreeMap<>();
    private final Map<String, String> displaced = new HashMap<>();
    private final Map<String, String> staying;
    private final Map<String, Placement> arrived;
    private final Map<String, Placement> replacing = new HashMap<>();

    private record Given(
            SortedMap<String, Task> tasks, Roster roster, Collection<Machine> machines) {}

    /**
     * @param staying units that don't leave their drained machine, and why
     * @param arrived units that replace others, and where an earlier round has put them
     */
    private Scheduler(Given given, Map<String, String> staying, Map<String, Placement> arrived) {
        this.given = given;
        this.staying = staying;
        this.arrived = arrived;
        given.machines()
                .forEach(machine -> seats.put(machine.id(), new Seat(machine, given.roster())));
    }

    public static Schedule place(Collection<Task> tasks, Collection<Machine> machines) {
        SortedMap<String, Task> byName = new TreeMap<>();
        tasks.forEach(task -> byName.put(task.name(), task));
        Given given = new Given(byName, new Roster(byName), machines);
        return Drain.schedule(byName, machines, staying -> settle(given, staying));
    }

    private static Schedule settle(Given given, Map<String, String> staying) {
        Scheduler scheduler = new Scheduler(given, staying, Map.of());
        scheduler.place();
        // Each round settles at least one more of the units that replace others.
        for (int round = 0; round < MAX_ROUNDS && !scheduler.replacing.isEmpty(); round++) {
            Map<String, Placement> arrived = new HashMap<>(scheduler.arrived);
            arrived.putAll(scheduler.replacing);
            scheduler = new Scheduler(given, staying, arrived);
            scheduler.place();
        }
        return new Schedule(given.tasks(), scheduler.seats, scheduler.placed, scheduler.global);
    }

    private void place() {
        List<Task> single = new ArrayList<>();
        for (Task task : given.tasks().values()) {
            if (task.requirements().global()) {
                spread(task);
            } else {
                single.add(task);
            }
        }
        // Whoever replaces is there before those that have to give way to it.
        single.sort(
                Comparator.comparing((Task task) -> task.requirements().replaces().isEmpty())
                        .thenComparing(Task::name));
        inOrder(single).forEach(this::keep);
        single.sort(
                Comparator.comparingLong(
                                (Task task) -> -task.requirements().demand().memoryOrDefault())
                        .thenComparing(Task::name));
        inOrder(single).forEach(this::find);
    }

    private void spread(Task task) {
        Set<String> machines = new TreeSet<>();
        for (Seat seat : seats.values()) {
            boolean asked =
                    staying.containsKey(task.name()) && task.current().contains(seat.machine.id());
            if ((asked ? seat.condition(task) : seat.excludes(task)).isEmpty()) {
                seat.take(task);
                machines.add(seat.machine.id());
            }
        }
        global.put(task.name(), machines);
    }

    private void keep(Task task) {
        Placement arrival = arrived.get(task.name());
        if (arrival == null && task.current().isEmpty()) {
            return;
        }
        Seat seat =
                seats.get(arrival == null ? task.current().iterator().next() : arrival.machineId());
        Optional<String> reason =
                seat == null ? Optional.of("its machine is gone") : leaves(task, seat);
        if (reason.isPresent()) {
            displaced.put(task.name(), reason.get());
        } else if (seat != null) {
            seat.take(task);
            String why =
                    seat.isDraining()
                            ? DRAINED + ", but " + staying.getOrDefault(task.name(), "")
                            : "stays";
            placed.put(
                    task.name(), arrival == null ? new Placement(seat.machine.id(), why) : arrival);
        }
    }

    private Optional<String> leaves(Task task, Seat seat) {
        return seat.isDraining() && !staying.containsKey(task.name())
                ? Optional.of(DRAINED)
                : seat.evicts(task);
    }

    private void find(Task task) {
        if (placed.containsKey(task.name())) {
            return;
        }
        Optional<Seat> best = Optional.empty();
        int fitting = 0;
        for (Seat seat : candidates(task)) {
            if (seat.refuses(task).isPresent()) {
                continue;
            }
            fitting++;
            if (best.isEmpty() || better(task).compare(seat, best.get()) < 0) {
                best = Optional.of(seat);
            }
        }
        if (best.isEmpty()) {
            return;
        }
        boolean makesOthersLeave =
                !arrived.containsKey(task.name()) && !best.get().replacedBy(task).isEmpty();
        best.get().take(task);
        String cause = displaced.getOrDefault(task.name(), "");
        String choice = fitting == 1 ? "the one machine that fits" : "best of " + fitting;
        Placement placement =
                new Placement(
                        best.get().machine.id(), cause.isEmpty() ? choice : cause + "; " + choice);
        placed.put(task.name(), placement);
        if (makesOthersLeave) {
            replacing.put(task.name(), placement);
        }
    }

    /** All machines, or the one where the first unit named by {@code MachineOf=} sits. */
    private Collection<Seat> candidates(Task task) {
        for (String companion : task.requirements().machineOf()) {
            Placement there = placed.get(companion);
            if (there != null) {
                return List.of(seats.get(there.machineId()));
            }
        }
        return seats.values();
    }

    private static Comparator<Seat> better(Task task) {
        return Comparator.comparingInt((Seat seat) -> seat.relatives(task))
                .thenComparingLong(seat -> seat.loadWith(task))
                .thenComparingInt(Seat::count);
    }

    /** The same tasks, each after those that its {@code MachineOf=} names; cycles are broken. */
    private List<Task> inOrder(List<Task> given) {
        if (given.stream().allMatch(task -> task.requirements().machineOf().isEmpty())) {
            return List.copyOf(given);
        }
        List<Task> ordered = new ArrayList<>(given.size());
        Set<String> visited = new HashSet<>();
        given.forEach(task -> visit(task, visited, ordered));
        return ordered;
    }

    private record Visit(Task task, Iterator<String> companions) {}

    /** With a stack of its own: a chain of MachineOf= is as long as somebody makes it. */
    private void visit(Task first, Set<String> visited, List<Task> ordered) {
        Deque<Visit> path = new ArrayDeque<>();
        enter(first, visited, path);
        while (!path.isEmpty()) {
            Visit last = path.getLast();
            if (last.companions().hasNext()) {
                enter(given.tasks().get(last.companions().next()), visited, path);
            } else {
                ordered.add(path.removeLast().task());
            }
        }
    }

    private static void enter(@Nullable Task task, Set<String> visited, Deque<Visit> path) {
        if (task != null && !task.requirements().global() && visited.add(task.name())) {
            path.addLast(new Visit(task, task.requirements().machineOf().iterator()));
        }
    }
}
