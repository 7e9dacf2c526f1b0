package flotilla.fleet.api;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a client goes on asking a fleet that is away, or not ready, since it last heard of it.
 * The only clock of the client's, and the only pause that it makes.
 */
final class Patience {
    /**
     * Pause before fleet is asked again; the original, which tells no events, is asked so often.
     */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Duration limit;
    private long sinceNanos = System.nanoTime();

    Patience(Duration limit) {
        this.limit = limit;
    }

    /** Fleet has answered: the time begins anew. */
    void renew() {
        sinceNanos = System.nanoTime();
    }

    boolean isOver() {
        return System.nanoTime() - sinceNanos >= limit.toNanos();
    }

    /** Returns at once, and early, when the thread is interrupted, which it stays. */
    void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
