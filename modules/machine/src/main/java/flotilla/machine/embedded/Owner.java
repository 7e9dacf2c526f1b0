package flotilla.machine.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns all units of a machine, and that starts all their processes (which die
 * with it).
 */
final class Owner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);

    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    Owner(String name) {
        executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        work -> {
                            Thread made = Thread.ofPlatform().daemon().name(name).unstarted(work);
                            thread = made;
                            return made;
                        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs it later on the owner's thread; false when the machine is down. */
    boolean post(Runnable work) {
        try {
            executor.execute(guarded(work));
            return true;
        } catch (RejectedExecutionException down) {
            return false;
        }
    }

    ScheduledFuture<?> after(Duration delay, Runnable work) {
        return executor.schedule(guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs it on the owner's thread and waits till it has run, or never will. */
    void await(Runnable work) {
        ask(
                () -> {
                    guarded(work).run();
                    return true;
                },
                false);
    }

    /** Runs it again and again, whatever became of it the time before. */
    void every(Duration interval, Runnable work) {
        var _ =
                executor.scheduleWithFixedDelay(
                        guarded(work),
                        interval.toNanos(),
                        interval.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /**
     * Runs it on the owner's thread and waits for the answer; the other one when the machine is
     * down or the caller is interrupted.
     */
    <T> T ask(Callable<T> question, T otherwise) {
        try {
            if (Thread.currentThread() == thread) {
                return question.call();
            }
            Future<T> answer = executor.submit(question);
            return answer.get();
        } catch (RejectedExecutionException down) {
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking the init", e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException("asking the init", e);
        }
    }

    /** A bug in one unit's handling must not stop the supervision of all others. */
    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a step of the init failed; it goes on with the next", e);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
