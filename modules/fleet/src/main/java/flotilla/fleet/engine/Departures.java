package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Release;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.OnLost;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Requirements;
import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How machines give units up, within one pass. One that is there is told to (withdrawn), and is
 * done with a unit once it has acknowledged that nothing is left of it. One that is gone is done
 * with it once its lease has ended, and its fence too where two copies would do harm.
 */
final class Departures {
    /** Wanted units that may be on their way from a machine at once, in a small cluster. */
    static final int MOVES_MAX = 64;

    /** The same in a large one, in percent of all its units. */
    static final int MOVES_PERCENT = 10;

    private final Cluster cluster;
    private final Absences absences;
    private final Now now;
    private final Alarm alarm;
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<String> struck = new HashSet<>();
    private final Map<String, List<String>> leaving = new HashMap<>();
    private final Map<String, List<String>> changing = new HashMap<>();
    private long movesLeft;

    Departures(Cluster cluster, Absences absences, Now now, Alarm alarm) {
        this.cluster = cluster;
        this.absences = absences;
        this.now = now;
        this.alarm = alarm;
        this.movesLeft =
                Math.max(MOVES_MAX, (long) cluster.jobCount() * MOVES_PERCENT / 100)
                        - cluster.withdrawn().stream().mapToLong(this::underWay).sum();
        // By the board another unit may have the room of one that can't be told to leave.
        for (String unit : cluster.leftAlone()) {
            cluster.told(unit).keySet().forEach(machine -> leaves(unit, machine));
        }
    }

    /** Copies of a unit that is wanted which machines that are there have not given up yet. */
    private long underWay(String unit) {
        List<String> machines =
                cluster.told(unit).entrySet().stream()
                        .filter(told -> told.getValue().isWithdrawn())
                        .map(Map.Entry::getKey)
                        .filter(machine -> cluster.hasMachine(machine) && !isClear(unit, machine))
                        .toList();
        machines.forEach(machine -> leaves(unit, machine));
        boolean wanted =
                cluster.job(unit).filter(job -> job.desired() != JobState.INACTIVE).isPresent();
        return wanted ? machines.size() : 0;
    }

    /** It is about to, has not yet, or can't: what must not be beside it waits. */
    void leaves(String unit, String machine) {
        leaving.computeIfAbsent(machine, _ -> new ArrayList<>()).add(unit);
    }

    /** Whether a unit that must not be beside that one has not left the machine yet. */
    boolean isCrowded(String unit, String machine) {
        Optional<Requirements> comes = cluster.requirements(unit);
        return leaving.getOrDefault(machine, List.of()).stream()
                .anyMatch(other ->
                        !other.equals(unit)
                                && (comes.filter(wants -> clashes(wants, other)).isPresent()
                                        || shuns(other, unit, machine)));
    }

    /** The machine is to have another text of a unit that it keeps, and was not told yet. */
    void changes(String unit, String machine) {
        changing.computeIfAbsent(machine, _ -> new ArrayList<>()).add(unit);
    }

    /**
     * Whether a unit that stays may still be there by a text that is no longer wanted, and by which
     * that one must not come beside it.
     */
    boolean isShunned(String unit, String machine) {
        return Stream.of(
                        changing.getOrDefault(machine, List.of()),
                        cluster.unsettledOn(machine),
                        GlobalRollout.keptOn(cluster, machine))
                .flatMap(Collection::stream)
                .anyMatch(other -> !other.equals(unit) && shuns(other, unit, machine));
    }

    /** By any text that the machine may have of it; where none can be read, it may say anything. */
    private boolean shuns(String other, String unit, String machine) {
        List<Requirements> texts = cluster.everyRequirements(other, machine);
        return texts.isEmpty()
                ? cluster.isLeftAlone(other)
                : texts.stream().anyMatch(wants -> clashes(wants, unit));
    }

    private static boolean clashes(Requirements wants, String other) {
        return wants.shunned().stream().anyMatch(glob -> Glob.matches(glob, other));
    }

    List<Decision> decisions() {
        return decisions;
    }

    /** The units that were struck in this pass: for them everything else waits for the next one. */
    Set<String> struck() {
        return struck;
    }

    /** Whether one more wanted unit may leave its machine in this pass; counts it. */
    boolean mayMove() {
        return movesLeft-- > 0;
    }

    /** Whether surely nothing of a unit is left on a machine, so that another one may have it. */
    boolean isClear(String unit, String machine) {
        if (!cluster.hasMachine(machine)) {
            OptionalLong free =
                    absences.freeAt(cluster, machine, onLost(unit, machine), now.monotonicMillis());
            boolean clear = free.isPresent() && free.getAsLong() <= now.monotonicMillis();
            if (!clear) {
                free.ifPresent(alarm::at);
            }
            return clear;
        }
        Optional<Told> told = cluster.told(machine, unit);
        return told.isEmpty()
                || (told.get().isWithdrawn()
                        && cluster.answer(machine, unit)
                                .filter(Acknowledgement::released)
                                .isPresent());
    }

    /** By what is wanted now, and by any text that the machine may run: it stops by that one. */
    private OnLost onLost(String unit, String machine) {
        boolean keeps =
                Stream.concat(
                                Stream.of(
                                        cluster.requirements(unit),
                                        cluster.requirements(unit, machine)),
                                cluster.everyRequirements(unit, machine).stream().map(Optional::of))
                        .allMatch(text ->
                                text.map(Requirements::onLost).equals(Optional.of(OnLost.KEEP)));
        return keeps ? OnLost.KEEP : OnLost.STOP;
    }

    /** What a machine has of a unit, as it is known now. */
    Hold hold(String unit, String machine) {
        boolean owner = cluster.owner(unit).filter(machine::equals).isPresent();
        return new Hold(
                machine,
                owner ? cluster.ownerRevision(unit) : 0,
                cluster.told(machine, unit).map(Told::revision).orElse(0L),
                cluster.textsOn(machine, unit),
                !cluster.hasMachine(machine));
    }

    /**
     * A machine loses a unit, in as many passes as that takes.
     *
     * @param asked whether somebody asked for it: then it is no move
     */
    void letGo(String unit, String machine, boolean asked, String reason) {
        if (isClear(unit, machine)) {
            decisions.add(new Release(unit, hold(unit, machine), reason));
        } else if (isHeld(unit, machine)) {
            if (asked || mayMove()) {
                withdraw(unit, machine, reason);
            } else {
                leaves(unit, machine);
            }
        }
    }

    /** Whether a machine that is there has not been told yet to give the unit up. */
    boolean isHeld(String unit, String machine) {
        return cluster.hasMachine(machine)
                && cluster.told(machine, unit).filter(told -> !told.isWithdrawn()).isPresent();
    }

    void withdraw(String unit, String machine, String reason) {
        leaves(unit, machine);
        decisions.add(
                new Withdraw(
                        unit,
                        cluster.jobRevision(unit),
                        hold(unit, machine),
                        takenBack(unit, machine),
                        reason));
    }

    /** What the machine is told now, taken back; of what can't be read, what it should be. */
    Assignment takenBack(String unit, String machine) {
        return cluster.placement(machine, unit)
                .or(() -> cluster.job(unit).map(Job::assignment))
                .map(Assignment::withdrawn)
                .orElseThrow();
    }

    /**
     * Whether the machine died, and so soon after it was told of the unit that it counts. Of one
     * that is drained it was to be expected.
     */
    boolean strikes(Job job, String machine) {
        return !cluster.hasMachine(machine)
                && !cluster.hasLeft(machine)
                && !cluster.isDraining(machine)
                && cluster.placement(machine, job.name())
                        .filter(job.assignment()::equals)
                        .isPresent()
                && Strikes.isSoon(cluster.toldMillis(machine, job.name()), now.wallMillis());
    }

    /** Once per unit and pass: a global unit's further machines count in the next one. */
    void strike(Job job, String machine) {
        if (isClear(job.name(), machine) && struck.add(job.name())) {
            Strikes strikes =
                    Strikes.add(cluster.strikes(job.name()), job, machine, now.wallMillis());
            long seconds = (now.wallMillis() - cluster.toldMillis(machine, job.name())) / 1000;
            String reason = "its machine died " + seconds + " s after it was told of it";
            decisions.add(new Strike(job.name(), hold(job.name(), machine), strikes, reason));
        }
    }
}
