package flotilla.store.watch;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;

/**
 * How much a member watches.
 *
 * @param perStream watches on one stream
 * @param perMember watches on all streams
 * @param bytes what all watches take, and half as much for what they are still asked
 */
public record WatchLimits(int perStream, long perMember, long bytes) {
    /** Watches on one stream, unless somebody says otherwise. */
    public static final int PER_STREAM = 10_000;

    /**
     * @param perMember 0 for as many as there is memory for
     */
    public static WatchLimits ofThisJvm(int perStream, long perMember) {
        return new WatchLimits(
                perStream,
                perMember == 0 ? Long.MAX_VALUE : perMember,
                MemoryBudget.ofThisJvm().bytes(Share.WATCHES) / 3 * 2);
    }
}
