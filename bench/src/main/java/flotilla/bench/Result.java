package flotilla.bench;

import java.time.Duration;
import java.util.Arrays;

/**
 * One measured stretch.
 *
 * @param perSecond answered requests a second
 * @param p50Micros half of the answers took at most this long
 * @param p99Micros all but one in a hundred took at most this long
 * @param errors requests that were refused or got no answer; not counted above
 */
record Result(double perSecond, double p50Micros, double p99Micros, long errors) {
    /** Answered requests in a stretch of this length. */
    double answered(Duration stretch) {
        return perSecond * stretch.toMillis() / 1e3;
    }

    static Result of(long[] latencyNanos, long errors, long elapsedNanos) {
        long[] sorted = latencyNanos.clone();
        Arrays.sort(sorted);
        return new Result(
                sorted.length * 1e9 / elapsedNanos,
                at(sorted, 0.50) / 1e3,
                at(sorted, 0.99) / 1e3,
                errors);
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
    }
}
