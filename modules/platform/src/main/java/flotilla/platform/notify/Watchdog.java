package flotilla.platform.notify;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells the service manager that a daemon lives, as often as its loops say so themselves: each turn
 * asks them, and only an answer lets the next turn tell. A loop that hangs never answers, and the
 * manager ends the daemon when its limit is over (sd_watchdog_enabled(3)).
 */
public final class Watchdog implements AutoCloseable {
    /** An answer is told a turn after it was asked for: both must fit well into the limit. */
    private static final int TURNS_PER_LIMIT = 4;

    private final Runnable alive;
    private final Supplier<CompletableFuture<Void>> pulse;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("watchdog").factory());
    private CompletableFuture<Void> asked;

    Watchdog(Runnable alive, Supplier<CompletableFuture<Void>> pulse) {
        this.alive = alive;
        this.pulse = pulse;
        this.asked = pulse.get();
    }

    /**
     * Begins, if the manager wants to hear of it.
     *
     * @param pulse asks the daemon's loops; completes when each of them has come round. Must not
     *     block; one that fails counts as none.
     */
    public static Watchdog begin(Notifier manager, Supplier<CompletableFuture<Void>> pulse) {
        Watchdog watchdog = new Watchdog(manager::alive, pulse);
        manager.watchdog().ifPresent(watchdog::every);
        return watchdog;
    }

    private void every(Duration limit) {
        long turn = limit.toNanos() / TURNS_PER_LIMIT;
        var _ = timer.scheduleAtFixedRate(this::turn, 0, turn, TimeUnit.NANOSECONDS);
    }

    synchronized void turn() {
        if (asked.isDone()) {
            if (!asked.isCompletedExceptionally()) {
                alive.run();
            }
            asked = pulse.get();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
