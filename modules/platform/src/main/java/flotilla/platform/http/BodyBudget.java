package flotilla.platform.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all bodies at one door may take together, counted before they are read: by their
 * declared length, or as chunks come. For any thread.
 */
public final class BodyBudget {
    /** Bodies up to this size are found room for when only large ones are over theirs, in bytes. */
    static final long SMALL_BYTES = 64 * 1024;

    /**
     * A body up to this size is never refused, in bytes: there are no more of them than connections
     * or calls. Else a crowd of halves, each small, would shut out all who say little.
     */
    static final long TINY_BYTES = 4 * 1024;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    public BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Takes room for more of a body; large bodies leave a quarter to small ones.
     *
     * @param before what the same body has taken already
     * @throws BadRequest when there is none
     */
    void take(long before, long more) {
        if (!tryTake(before, more)) {
            throw new BadRequest(503, "too many large requests at once; try again in a while");
        }
    }

    /** As {@link #take}; false when there is none. */
    public boolean tryTake(long before, long more) {
        if (before + more <= TINY_BYTES) {
            taken.addAndGet(more);
            return true;
        }
        long most = before + more > SMALL_BYTES ? bytesMax / 4 * 3 : bytesMax;
        if (taken.addAndGet(more) > most) {
            taken.addAndGet(-more);
            return false;
        }
        return true;
    }

    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
