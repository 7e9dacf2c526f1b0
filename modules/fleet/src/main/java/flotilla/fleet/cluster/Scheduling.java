package flotilla.fleet.cluster;

import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.JobState;
import flotilla.fleet.schedule.Board;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.fleet.schedule.Task;
import flotilla.units.UnitName;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a board in step with a cluster: notes what a change may concern, and looks at that, and at
 * what depends on the time, when somebody asks for the schedule.
 */
final class Scheduling {
    private final Cluster cluster;
    private final Roll roll;
    private final Board board = new Board();
    private final Set<String> units = new LinkedHashSet<>();
    private final Set<String> machines = new LinkedHashSet<>();
    private final Set<String> texts = new HashSet<>();
    private final Set<String> moved = new LinkedHashSet<>();
    private final Set<String> leftAlone = new HashSet<>();
    private final Set<String> opaque = new HashSet<>();
    private Defaults defaults = Defaults.NONE;

    Scheduling(Cluster cluster, Roll roll) {
        this.cluster = cluster;
        this.roll = roll;
    }

    /** Something is put there, or removed. */
    void touch(Key key) {
        switch (key) {
            case Key.OfJob(String unit) -> units.add(unit);
            case Key.OfOwner(String unit) -> units.add(unit);
            case Key.OfPlacement(_, String unit) -> units.add(unit);
            case Key.OfText(String hash) -> texts.add(hash);
            case Key.OfMachine(String id) -> machines.add(id);
            case Key.OfMetadata(String id, _) -> machines.add(id);
            case Key.OfEligibility(String id) -> machines.add(id);
            case Key.OfDefaults _ -> {} // Said by follow.
            // Asked for each time: what they say depends on the time.
            case Key.OfStrikes(String unit) -> units.add(unit);
            case Key.OfAcknowledgement _, Key.OfLeaving _, Key.OfSighting _ -> {}
            case Key.OfState _, Key.OfRollout _, Key.OfHistory _, Key.Unknown _ -> {}
            case Key.OfImage _, Key.OfHolding _ -> {}
        }
    }

    /** What holds from now on for units that don't say; where they are they stay. */
    void follow(Defaults next) {
        if (!next.equals(defaults)) {
            defaults = next;
            cluster.jobs().forEach(job -> units.add(job.name()));
        }
    }

    Schedule schedule(long nowMillis) {
        machines.forEach(this::machine);
        machines.clear();
        if (!texts.isEmpty()) {
            texts.forEach(hash -> units.addAll(cluster.unitsWithText(hash)));
            // Their texts are those that machines were told of.
            units.addAll(leftAlone);
            texts.clear();
        }
        units.addAll(cluster.strikeRevisions().keySet());
        units.forEach(unit -> unit(unit, nowMillis));
        units.clear();
        moved.addAll(board.settle());
        return board.schedule();
    }

    /** The units that belong elsewhere than when this was last asked. */
    Set<String> moved() {
        Set<String> taken = Set.copyOf(moved);
        moved.clear();
        return taken;
    }

    /** The units that stay as they are, as of when the schedule was last asked for. */
    Set<String> leftAlone() {
        return Collections.unmodifiableSet(leftAlone);
    }

    private void machine(String id) {
        roll.readable(id).ifPresentOrElse(board::put, () -> board.removeMachine(id));
        boolean turned = roll.isOpaque(id) ? opaque.add(id) : opaque.remove(id);
        if (turned) {
            units.addAll(cluster.ownedBy(id));
        }
    }

    private void unit(String unit, long nowMillis) {
        if (cluster.isLeftAlone(unit)) {
            leftAlone.add(unit);
        } else {
            leftAlone.remove(unit);
        }
        task(unit, nowMillis).ifPresentOrElse(board::put, () -> board.removeUnit(unit));
    }

    /**
     * A unit that is wanted on some machine, can be read and need not wait; a template never is.
     * One that machines died of waits only while it is on none. One that is left alone is on the
     * board too.
     */
    private Optional<Task> task(String unit, long nowMillis) {
        Optional<String> owner = cluster.owner(unit);
        if (owner.filter(roll::isOpaque).isPresent() || UnitName.problem(unit).isPresent()) {
            return Optional.empty();
        }
        UnitName name = new UnitName(unit);
        if (name.isTemplate() || leftAlone.contains(unit)) {
            return name.isTemplate() ? Optional.empty() : leftAlone(name);
        }
        boolean wanted =
                cluster.job(unit).filter(job -> job.desired() != JobState.INACTIVE).isPresent();
        boolean waits =
                cluster.hold(unit, nowMillis).isPresent() && owner.filter(roll::isThere).isEmpty();
        return cluster.requirements(unit)
                .filter(wants -> wanted && (wants.global() || !waits))
                .map(wants -> task(name, wants, owner.map(Set::of).orElse(Set.of())));
    }

    /**
     * It takes the room that it has, by the text that its machine was told of, though nothing is
     * decided of it; and it takes none elsewhere, whatever becomes of its machine.
     */
    private Optional<Task> leftAlone(UnitName name) {
        String unit = name.full();
        Set<String> there = cluster.owner(unit).map(Set::of).orElse(cluster.told(unit).keySet());
        return there.stream()
                .flatMap(machine -> cluster.requirements(unit, machine).stream())
                .findFirst()
                .map(wants -> wants.global() ? wants : wants.pinnedTo(Collections.min(there)))
                .map(wants -> task(name, wants, there));
    }

    private Task task(UnitName name, Requirements wants, Set<String> current) {
        String unit = name.full();
        String family = name.isInstance() ? name.prefix() : "";
        return new Task(
                unit,
                family,
                wants.orPacked(defaults.packed()),
                wants.global() ? cluster.told(unit).keySet() : current);
    }
}
