package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What history tells, line by line, against what the store holds: each stay of a unit on a machine
 * begins once, with it ends once, and is under way exactly while the machine is told of the unit.
 */
final class Annals {
    private final World world;
    private final Keeper keeper;

    /** By unit, the machines on which it is as far as was told. */
    private final Map<String, Set<String>> stays = new HashMap<>();

    Annals(World world, Keeper keeper) {
        this.world = world;
        this.keeper = keeper;
    }

    /** An engine is about to write that, and its lines with it. */
    void written(Write write) {
        write.deeds().forEach(this::take);
        for (Entry entry : write.puts()) {
            if (entry instanceof Entry.OfPlacement its && !isTold(its.unit(), its.machineId())) {
                throw broken(its.unit(), "is told to " + its.machineId() + " without a line");
            }
        }
        for (Key key : write.deletes()) {
            if (key instanceof Key.OfPlacement(String machine, String unit)
                    && isTold(unit, machine)
                    && write.puts().stream().noneMatch(entry -> entry.key().equals(key))) {
                throw broken(unit, "leaves " + machine + " without a line");
            }
        }
    }

    private boolean isTold(String unit, String machine) {
        return stays.getOrDefault(unit, Set.of()).contains(machine);
    }

    private RuntimeException broken(String unit, String what) {
        return world.broken("history has each stay from its begin to its end", "%s %s", unit, what);
    }

    private void take(Deed deed) {
        switch (deed.what()) {
            case PLACED -> comes(deed, deed.machineId());
            case MOVED -> {
                goes(deed, deed.fromId());
                comes(deed, deed.machineId());
            }
            case RELEASED, STRUCK -> goes(deed, deed.machineId());
            case UPDATED, WITHDRAWN -> stays(deed);
            case SUBMITTED, CHANGED, LAUNCHED, LOADED, UNLOADED, RESTARTED, DESTROYED -> {}
            case JOINED, GONE, CORDONED, DRAINED, UNCORDONED -> {}
            case ROLLOUT_BEGUN, ROLLOUT_PAUSED, ROLLOUT_RESUMED, ROLLOUT_UNDOING -> {}
            case ROLLOUT_DONE, ROLLOUT_UNDONE, ROLLOUT_FAILED -> {}
        }
    }

    /** Told anew where it was to leave, it stays. */
    private void comes(Deed deed, String machine) {
        boolean isNew = stays.computeIfAbsent(deed.unit(), _ -> new TreeSet<>()).add(machine);
        if (!isNew && !keeper.has(new Key.OfPlacement(machine, deed.unit()))) {
            throw broken(deed.unit(), "comes twice: " + deed);
        }
    }

    private void goes(Deed deed, String machine) {
        if (!stays.getOrDefault(deed.unit(), new TreeSet<>()).remove(machine)) {
            throw broken(deed.unit(), "ends what has not begun: " + deed);
        }
    }

    private void stays(Deed deed) {
        if (!isTold(deed.unit(), deed.machineId())) {
            // Its machine owns it, and was not told yet.
            stays.computeIfAbsent(deed.unit(), _ -> new TreeSet<>()).add(deed.machineId());
            if (keeper.has(new Key.OfPlacement(deed.machineId(), deed.unit()))) {
                throw broken(deed.unit(), "is told of what has not begun: " + deed);
            }
        }
    }
}
