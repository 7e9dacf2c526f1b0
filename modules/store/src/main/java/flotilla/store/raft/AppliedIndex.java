package flotilla.store.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How far this member has applied the log, and who waits for it to get further. */
final class AppliedIndex {
    private record Waiter(long index, CompletableFuture<Void> reached) {}

    private final Executor replies;
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>(Comparator.comparingLong(Waiter::index));
    private long applied;

    AppliedIndex(Executor replies) {
        this.replies = replies;
    }

    synchronized long get() {
        return applied;
    }

    /** Completes once the index was applied here. */
    CompletableFuture<Void> reached(long index) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (this) {
            if (index > applied) {
                waiters.add(new Waiter(index, future));
                return future;
            }
        }
        future.complete(null);
        return future;
    }

    void advance(long index) {
        List<Waiter> done = List.of();
        synchronized (this) {
            applied = Math.max(applied, index);
            if (!waiters.isEmpty() && waiters.element().index() <= applied) {
                done = new ArrayList<>();
                while (!waiters.isEmpty() && waiters.element().index() <= applied) {
                    done.add(waiters.remove());
                }
            }
        }
        if (!done.isEmpty()) {
            List<Waiter> reached = done;
            replies.execute(() -> reached.forEach(waiter -> waiter.reached().complete(null)));
        }
    }

    void close(RuntimeException reason) {
        List<Waiter> left;
        synchronized (this) {
            left = new ArrayList<>(waiters);
            waiters.clear();
        }
        left.forEach(waiter -> waiter.reached().completeExceptionally(reason));
    }
}
