package flotilla.store.raft;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls back once per asking; an owner with nothing to wait for does not ask, and costs nothing.
 */
final class Ticker {
    private final ScheduledExecutorService timer;
    private final Runnable tick;
    private final AtomicBoolean slow = new AtomicBoolean();
    private final AtomicBoolean fast = new AtomicBoolean();

    /** Shorter waits than this are asked for beside a longer one. */
    private static final long FAST_NANOS = 50_000_000;

    Ticker(ScheduledExecutorService timer, Runnable tick) {
        this.timer = timer;
        this.tick = tick;
    }

    /** Makes sure that a tick comes within that time. */
    void within(long nanos) {
        AtomicBoolean asked = nanos < FAST_NANOS ? fast : slow;
        if (!timer.isShutdown() && asked.compareAndSet(false, true)) {
            Future<?> _ =
                    timer.schedule(
                            () -> {
                                asked.set(false);
                                tick.run();
                            },
                            nanos,
                            TimeUnit.NANOSECONDS);
        }
    }
}
