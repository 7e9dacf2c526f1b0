package flotilla.machine.embedded;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of memory that many take from and give back to; safe from any thread, never blocks. */
final class ByteShare {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    ByteShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** False when there are not so many left; then nothing is taken. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
