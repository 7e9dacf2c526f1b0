package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Key;
import flotilla.units.UnitName;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the engine has to look at: whatever a change may concern, and whatever was not at rest when
 * it was looked at last. So a pass takes as long as much has changed, however large the cluster is.
 */
final class Agenda {
    private final SortedSet<String> units = new TreeSet<>();
    private final SortedSet<String> machines = new TreeSet<>();
    private Renewals renewals = new Renewals();

    /** The cluster was listed: everything is new. */
    void all(Cluster cluster) {
        units.clear();
        units.addAll(cluster.units());
        machines.clear();
        machines.addAll(cluster.knownMachines());
    }

    void add(Collection<String> changedUnits) {
        units.addAll(changedUnits);
    }

    /** Whose turn it is in the next pass. */
    void add(Renewals next) {
        renewals = next;
        units.addAll(next.units());
    }

    Renewals renewals() {
        return renewals;
    }

    /** That key has changed in the cluster. */
    void changed(Key key, Cluster cluster) {
        switch (key) {
            case Key.OfJob(String unit) -> units.add(unit);
            case Key.OfOwner(String unit) -> units.add(unit);
            case Key.OfStrikes(String unit) -> units.add(unit);
            case Key.OfPlacement(_, String unit) -> units.add(unit);
            case Key.OfAcknowledgement(_, String unit) -> units.add(unit);
            case Key.OfText(String hash) -> units.addAll(cluster.unitsWithText(hash));
            case Key.OfMachine(String id) -> machine(id, cluster);
            case Key.OfMetadata(String id, _) -> machine(id, cluster);
            case Key.OfEligibility(String id) -> machine(id, cluster);
            case Key.OfLeaving(String id) -> machine(id, cluster);
            case Key.OfSighting(String id) -> machine(id, cluster);
            case Key.OfDefaults _ -> {} // Whoever is placed stays, who waits waits for room.
            // All that go on are looked at each time: they are few.
            case Key.OfRollout(String set) -> rollout(set, cluster);
            case Key.OfState _, Key.OfHistory _, Key.OfImage _, Key.OfHolding _, Key.Unknown _ -> {}
        }
    }

    /** Whether machines keep another text follows from it. */
    private void rollout(String set, Cluster cluster) {
        if (UnitName.problem(set).isEmpty() && new UnitName(set).isTemplate()) {
            cluster.instances(new UnitName(set)).forEach(job -> units.add(job.name()));
        } else {
            units.add(set);
        }
    }

    private void machine(String id, Cluster cluster) {
        machines.add(id);
        units.addAll(cluster.unitsOn(id));
    }

    /**
     * Has each unit looked at, in order of their names.
     *
     * @param rests whether nothing is to be done for the unit, nor waited for: it stays off the
     *     agenda until something changes
     */
    void units(Predicate<String> rests) {
        List.copyOf(units).forEach(unit -> off(units, unit, rests));
    }

    /** The same for machines. */
    void machines(Predicate<String> rests) {
        List.copyOf(machines).forEach(machine -> off(machines, machine, rests));
    }

    private static void off(SortedSet<String> from, String name, Predicate<String> rests) {
        if (rests.test(name)) {
            from.remove(name);
        }
    }
}
