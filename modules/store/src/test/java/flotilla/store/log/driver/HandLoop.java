package flotilla.store.log.driver;

import flotilla.platform.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop whose tasks run, and whose time passes, when the test says so. */
public final class HandLoop implements Loop {
    private record Later(long at, long number, Runnable task) {}

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(
                    Comparator.comparingLong(Later::at).thenComparingLong(Later::number));
    private long now;
    private long number;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void after(long nanos, Runnable task) {
        later.add(new Later(now + nanos, number++, task));
    }

    /** Runs what is due, and what comes of it. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Time passes; what falls due on the way runs at its time. */
    public void pass(long nanos) {
        long end = now + nanos;
        run();
        while (!later.isEmpty() && later.element().at() <= end) {
            Later next = later.remove();
            now = next.at();
            next.task().run();
            run();
        }
        now = end;
    }

    /** Time passes, and nothing runs: the process was stopped. */
    public void stall(long nanos) {
        now += nanos;
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return now;
            }

            @Override
            public Instant now() {
                return Instant.EPOCH.plusNanos(now);
            }
        };
    }
}
