package flotilla.platform;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Background work on a thread of its own. */
final class BackgroundThread implements Background.Work {
    private final BooleanSupplier step;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean awake;
    private volatile boolean closed;

    private BackgroundThread(
            String name, Duration pause, BooleanSupplier step, Consumer<Throwable> onFailure) {
        this.step = step;
        this.pauseNanos = pause.toNanos();
        this.thread =
                Thread.ofPlatform()
                        .name(name)
                        .daemon()
                        .uncaughtExceptionHandler((_, cause) -> onFailure.accept(cause))
                        .unstarted(this::run);
    }

    static BackgroundThread start(
            String name, Duration pause, BooleanSupplier step, Consumer<Throwable> onFailure) {
        BackgroundThread work = new BackgroundThread(name, pause, step, onFailure);
        work.thread.start();
        return work;
    }

    private void run() {
        try {
            while (!closed) {
                awake = false;
                if (!step.getAsBoolean()) {
                    // The flag, for the step may have parked for a lock and used up the permit.
                    while (!awake && !closed) {
                        LockSupport.park(this);
                    }
                } else if (pauseNanos > 0) {
                    LockSupport.parkNanos(this, pauseNanos);
                }
            }
        } catch (RuntimeException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    @Override
    public void wake() {
        awake = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
