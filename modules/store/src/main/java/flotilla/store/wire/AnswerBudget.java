package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The share of the heap for answers, from when they are gathered until they have left. Who wants
 * room waits for that of others to be given back, holding none meanwhile.
 */
final class AnswerBudget {
    private final long bytesMax;
    private long taken;

    AnswerBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    static AnswerBudget ofThisJvm() {
        return new AnswerBudget(MemoryBudget.ofThisJvm().bytes(Share.SCANS));
    }

    /** What one answer may hold: two are gathered at a time. */
    long answerBytesMax() {
        return bytesMax / 2;
    }

    /**
     * Waits for room and takes it; false when there is none for so long. What is larger than the
     * whole share has room alone.
     */
    synchronized boolean take(long bytes, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (taken > 0 && taken + bytes > bytesMax) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        taken += bytes;
        return true;
    }

    /** Takes for what is there already. */
    synchronized void overdraw(long bytes) {
        taken += bytes;
    }

    synchronized void giveBack(long bytes) {
        taken -= bytes;
        notifyAll();
    }

    /** Whether there is no room for anything. */
    synchronized boolean isSpent() {
        return taken >= bytesMax;
    }

    synchronized long taken() {
        return taken;
    }
}
