package flotilla.sim.fleet;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Turn;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.Map;

/** Units that are started anew one after another: none before those ahead of it are done. */
final class Waves {
    /** How long a unit is waited for, less what engines' calendars may be wrong. */
    private static final long LIMIT_NANOS = 118_000_000_000L;

    private final World world;
    private final Keeper keeper;
    private final Map<Key, Begun> begun = new HashMap<>();

    /** A machine was told to start a unit anew, and has not said that it has. */
    private record Begun(Turn turn, long revision, long nanos) {}

    Waves(World world, Keeper keeper) {
        this.world = world;
        this.keeper = keeper;
    }

    /** An engine is about to tell a machine something. */
    void tells(Entry.OfPlacement its) {
        Stored before = keeper.get(its.key());
        Stored job = keeper.get(new Key.OfJob(its.unit()));
        if (before == null
                || job == null
                || !(before.entry() instanceof Entry.OfPlacement was)
                || !(job.entry() instanceof Entry.OfJob(Job wanted))
                || wanted.turn().isEmpty()
                || was.assignment().desired() != JobState.LAUNCHED
                || !was.assignment().hash().equals(its.assignment().hash())
                || was.assignment().generation() == its.assignment().generation()) {
            return;
        }
        Turn turn = wanted.turn().get();
        begun.forEach((key, other) -> requireAfter(turn, its, other, key));
        if (keeper.has(new Key.OfMachine(its.machineId()))) {
            begun.put(its.key(), new Begun(turn, keeper.revision() + 1, world.now()));
        }
    }

    private void requireAfter(Turn turn, Entry.OfPlacement its, Begun other, Key key) {
        Stored there = keeper.get(key);
        boolean ahead =
                turn.id().equals(other.turn.id()) && other.turn.position() < turn.position();
        boolean late = world.now() - other.nanos > LIMIT_NANOS;
        if (ahead && !late && there != null && there.revision() == other.revision && isAsked(key)) {
            throw world.broken(
                    "units are started anew in their turns", "%s before %s", its.unit(), key);
        }
    }

    /** Whether the unit is still to be started anew there, and the machine is. */
    private boolean isAsked(Key key) {
        if (!(key instanceof Key.OfPlacement(String machine, String unit))) {
            return false;
        }
        Stored job = keeper.get(new Key.OfJob(unit));
        Stored told = keeper.get(key);
        return keeper.has(new Key.OfMachine(machine))
                && job != null
                && job.entry() instanceof Entry.OfJob(Job wanted)
                && told != null
                && told.entry() instanceof Entry.OfPlacement its
                && its.assignment().equals(wanted.assignment());
    }

    void changed(Change change) {
        if (change
                instanceof
                Change.Put(
                        Entry.OfAcknowledgement(String machine, String unit, var said),
                        long _)) {
            Key key = new Key.OfPlacement(machine, unit);
            begun.computeIfPresent(key, (_, its) -> its.revision == said.placement() ? null : its);
        } else if (change instanceof Change.Removed(Key.OfMachine(String gone))) {
            begun.keySet()
                    .removeIf(key ->
                            key instanceof Key.OfPlacement(String machine, String _)
                                    && machine.equals(gone));
        } else if (change
                instanceof Change.Put(Entry.Unreadable(Key.OfJob(String blurred)), long _)) {
            // Of which turn it is, an engine that sees it so can't know.
            begun.keySet()
                    .removeIf(key ->
                            key instanceof Key.OfPlacement(String _, String unit)
                                    && unit.equals(blurred));
        }
    }
}
