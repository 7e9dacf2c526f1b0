package flotilla.discovery;

import flotilla.platform.Clock;

/** A token bucket. */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final Clock clock;
    private double left;
    private long filledNanos;

    RateLimit(int perSecond, int burst, Clock clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.clock = clock;
        this.left = burst;
        this.filledNanos = clock.nanos();
    }

    synchronized boolean tryTake() {
        long now = clock.nanos();
        left = Math.min(burst, left + (now - filledNanos) / NANOS * perSecond);
        filledNanos = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
