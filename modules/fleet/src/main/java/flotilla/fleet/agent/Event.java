package flotilla.fleet.agent;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an {@link AgentMachine} hears. An outcome carries the number of the {@link Action} that it
 * is of; a {@code problem} is empty when all went well.
 */
public sealed interface Event {
    /**
     * The machine is in the cluster, under a new lease.
     *
     * @param revision at which its key was written
     * @param sentMillis when the lease was asked for, by the clock of {@code Now}
     */
    record Registered(long lease, long revision, long sentMillis) implements Event {}

    /** The store has taken a renewal that was sent then. */
    record Renewed(long lease, long sentMillis) implements Event {}

    record LeaseLost(long lease) implements Event {}

    /**
     * All that the machine is told, at that revision; again whenever the thread of changes broke.
     *
     * @param unreadable units of which it can't be read
     */
    record Listed(long order, Map<String, Told> told, Set<String> unreadable, long revision)
            implements Event {
        /**
         * @param all that the store has below this machine's placements
         */
        public static Listed of(long order, List<Stored> all, long revision) {
            Map<String, Told> told = new HashMap<>();
            Set<String> unreadable = new TreeSet<>();
            for (Stored stored : all) {
                if (stored.entry() instanceof Entry.OfPlacement its) {
                    told.put(its.unit(), new Told(its.assignment(), stored.revision()));
                } else if (stored.entry()
                        instanceof Entry.Unreadable(Key.OfPlacement(var _, var unit))) {
                    unreadable.add(unit);
                }
            }
            return new Listed(order, told, unreadable, revision);
        }
    }

    /** What has changed since, in order. */
    record Heard(long order, List<Change> changes) implements Event {}

    /**
     * @param texts by their hash; one that is not there is not in the store, unless there was a
     *     problem
     */
    record TextsRead(long order, Map<String, String> texts, String problem) implements Event {}

    record Loaded(long order, String unit, String problem) implements Event {}

    record Reloaded(long order, String problem) implements Event {}

    /** How far a unit's images are on their way. */
    record Fetching(long order, String unit, String words) implements Event {}

    /** The engine has them all, unless there was a problem. */
    record Fetched(long order, String unit, String problem) implements Event {}

    /**
     * What lies whole on this machine's disk.
     *
     * @param images by the digests of their configs
     */
    record Holds(Set<String> images) implements Event {}

    /**
     * A job of the init's has ended.
     *
     * @param result empty when it could not be ordered, or nobody knows
     */
    record Ended(long order, String unit, Optional<JobResult> result) implements Event {}

    record Discarded(long order, String unit, String problem) implements Event {}

    /** What the init has of the units that it was asked for; empty when it does not answer. */
    record Looked(long order, Map<String, Seen> units) implements Event {}

    /** A unit's check has answered; the problem in a few words. */
    record Probed(long order, String unit, String problem) implements Event {}

    /** What was to be said was said, or nobody knows. */
    record Said(long order, boolean surely) implements Event {}

    /** What the machine, or an earlier run of its daemon, has said so far. */
    record SaidBefore(long order, Optional<Set<Key>> keys) implements Event {}

    /** The init says how a unit is now. */
    record Changed(UnitState state) implements Event {}

    /** The machine is to give up all it has. */
    record Leave() implements Event {}

    /** It is as late as was asked for. */
    record Tick() implements Event {}

    /**
     * A unit as the init has it.
     *
     * @param text of its file; empty when there is none
     */
    record Seen(UnitState state, Optional<String> text) {}
}
