package flotilla.fleet.agent.heart;

import flotilla.fleet.cluster.Stored;
import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link HeartMachine} hears. An answer carries the number of the {@link Step} that asked.
 */
public sealed interface Beat {
    /** There is a lease. */
    record Granted(long order, long lease) implements Beat {}

    /** Whom the store has under this machine's id. */
    record Found(long order, Optional<Stored> there) implements Beat {}

    /** The machine's key is written, at that revision. */
    record Announced(long order, long revision) implements Beat {}

    /** It is not written: what was found has changed meanwhile. */
    record Overtaken(long order) implements Beat {}

    /**
     * The store has answered a renewal.
     *
     * @param leftMillis what the lease has from then on; 0 when the store does not know it
     */
    record Renewed(long order, long leftMillis) implements Beat {}

    /** Nobody has answered, or nobody knows what became of what was asked for. */
    record Failed(long order, String problem) implements Beat {}

    /** What was to be said of leaving was said, or given up. */
    record LeavingSaid() implements Beat {}

    /** A lease was given back, or is left to expire. */
    record GivenBack(long order) implements Beat {}

    /**
     * The machine goes in order.
     *
     * @param stopped whether nothing of its units is left
     */
    record Leave(boolean stopped) implements Beat {}

    /** The daemon ends and comes back: for so long the machine counts without it. */
    record Stay(Duration time) implements Beat {}

    /**
     * It is over.
     *
     * @param giveBack whether the machine's key goes at once; else it is left to its lease, as by a
     *     crash
     */
    record End(boolean giveBack) implements Beat {}

    /** It is as late as was asked for. */
    record Tick() implements Beat {}
}
