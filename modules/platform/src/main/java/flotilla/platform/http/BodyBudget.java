package flotilla.platform.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all bodies at one door may take together, counted before they are read: by their
 * declared length, or as chunks come. For any thread.
 */
final class BodyBudget {
    /** Bodies up to this size are found room for when only large ones are over theirs, in bytes. */
    static final long SMALL_BYTES = 64 * 1024;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Takes room for more of a body; large bodies leave a quarter to small ones.
     *
     * @param before what the same body has taken already
     * @throws BadRequest when there is none
     */
    void take(long before, long more) {
        long most = before + more > SMALL_BYTES ? bytesMax / 4 * 3 : bytesMax;
        if (taken.addAndGet(more) > most) {
            taken.addAndGet(-more);
            throw new BadRequest(503, "too many large requests at once; try again in a while");
        }
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
