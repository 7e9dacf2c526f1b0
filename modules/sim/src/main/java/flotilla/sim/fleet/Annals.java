package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What history tells, line by line, against what the store holds: each stay of a unit on a machine
 * begins once, with it ends once, and is under way exactly while the machine is told of the unit.
 * No line is from the future or from before the run, and none of a stay from before the line ahead
 * of it.
 */
final class Annals {
    /** By how much an engine's calendar may be wrong. */
    private static final long CALENDAR_MILLIS = 500;

    private final World world;
    private final Keeper keeper;

    /** By unit, the machines on which it is as far as was told. */
    private final Map<String, Set<String>> stays = new HashMap<>();

    /** When the last line of a unit on a machine is from, by the calendar of its engine. */
    private final Map<String, Long> lastMillis = new HashMap<>();

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
        for (String machine : List.of(deed.machineId(), deed.fromId())) {
            if (!deed.unit().isEmpty() && !machine.isEmpty()) {
                requireInOrder(deed, lastMillis.put(on(deed.unit(), machine), deed.atMillis()));
            }
        }
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

    private static String on(String unit, String machine) {
        return machine + '/' + unit;
    }

    private void requireInOrder(Deed deed, @Nullable Long before) {
        boolean late =
                deed.atMillis() > FleetSimulation.wallMillis(world) + CALENDAR_MILLIS
                        || deed.atMillis() < FleetSimulation.WALL_MILLIS - CALENDAR_MILLIS
                        || (before != null && deed.atMillis() < before - 2 * CALENDAR_MILLIS);
        if (late) {
            throw world.broken("the lines of history are in their order", "%s", deed);
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
