package flotilla.machine.embedded;

import java.time.Duration;

/** How many lines a program may log in a while. Pure; for one thread. */
final class RateLimit {
    /** journald's RateLimitIntervalSec= by default. */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    /** journald's RateLimitBurst= by default: lines in an interval, further ones are dropped. */
    static final int LINES_MAX = 10_000;

    private long beganNanos;
    private long lines;

    /** What is to be done with a line. */
    enum Verdict {
        LOG,
        /** It is the first that is one too many: that is worth a word. */
        FIRST_DROPPED,
        DROP
    }

    RateLimit(long nowNanos) {
        this.beganNanos = nowNanos;
    }

    /**
     * Begins a new interval if the last one is over.
     *
     * @return how many lines of the last one were dropped; 0 while it goes on
     */
    long renew(long nowNanos) {
        if (nowNanos - beganNanos < INTERVAL.toNanos()) {
            return 0;
        }
        long dropped = dropped();
        beganNanos = nowNanos;
        lines = 0;
        return dropped;
    }

    Verdict line() {
        lines++;
        if (lines <= LINES_MAX) {
            return Verdict.LOG;
        }
        return lines == LINES_MAX + 1 ? Verdict.FIRST_DROPPED : Verdict.DROP;
    }

    /** Lines dropped in this interval. */
    long dropped() {
        return Math.max(0, lines - LINES_MAX);
    }
}
