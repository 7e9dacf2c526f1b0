package flotilla.platform;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in the order they came: the single-threaded owner of what its tasks
 * touch. It has no thread of its own; whoever finds it idle runs it on the carrier, so that the
 * first task of a quiet time costs no hand-over.
 */
public final class Mailbox implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Executor carrier;

    /** Runs tasks on the callers' threads. */
    public Mailbox() {
        this(Runnable::run);
    }

    public Mailbox(Executor carrier) {
        this.carrier = carrier;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            carrier.execute(this::drain);
        }
    }

    private void drain() {
        do {
            Runnable task = tasks.poll();
            if (task == null) {
                throw new IllegalStateException("mailbox counted a task that is not there");
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        } while (waiting.decrementAndGet() != 0);
    }
}
