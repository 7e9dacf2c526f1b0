package flotilla.bench;

import java.util.Arrays;

/** Nanoseconds of answered requests, collected from many threads. */
final class Latencies {
    /** Bounds memory: 8 million answers, more than a minute of the fastest run. */
    private static final int KEPT = 8_000_000;

    private long[] nanos = new long[1 << 16];
    private int count;
    private long errors;

    synchronized void answered(long took) {
        if (count == KEPT) {
            return;
        }
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, Math.min(KEPT, count * 2));
        }
        nanos[count++] = took;
    }

    synchronized void failed() {
        errors++;
    }

    synchronized Result over(long elapsedNanos) {
        return Result.of(Arrays.copyOf(nanos, count), errors, elapsedNanos);
    }
}
