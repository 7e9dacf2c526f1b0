package flotilla.store.wire;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.log.ReplicatedLog;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * When and where reads of the state machine run. A linearizable one waits for the barrier. One key
 * is read on the thread at hand; a scan never is, for that thread may be the network's: scans have
 * a few platform threads of their own (they block in native code, which would hold a virtual
 * thread's carrier).
 */
final class Reads implements AutoCloseable {
    /** Scans at once; more would only share the same disk and cores. */
    private static final int SCANNERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    /** Scans waiting; more are refused with "too many requests". */
    private static final int WAITING_SCANS = 10_000;

    /** How long a read waits for room for its answer before it is refused. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReplicatedLog log;
    private final AnswerBudget budget = AnswerBudget.ofThisJvm();
    private final ThreadPoolExecutor scanners;

    /** Where reads wait that found no room, so that those go on that need none. */
    private final ThreadPoolExecutor waiter;

    Reads(ReplicatedLog log) {
        this.log = log;
        this.scanners = pool(SCANNERS, "etcd-scan-");
        this.waiter = pool(1, "etcd-large-scan-");
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING_SCANS),
                        Thread.ofPlatform().daemon().name(name, 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** For the answer of one call; to be closed when that has left. */
    CallRoom room() {
        return new CallRoom(budget);
    }

    /** Whether an answer that comes of a write would find no room: such a write must wait. */
    boolean isFull() {
        return budget.isSpent();
    }

    enum Extent {
        ONE_KEY,
        SCAN
    }

    /** Reads what this member has applied, be it behind the others. */
    <T> CompletableFuture<T> serializable(Extent extent, Supplier<T> read) {
        try {
            return switch (extent) {
                case ONE_KEY -> CompletableFuture.completedFuture(read.get());
                case SCAN -> CompletableFuture.supplyAsync(read, scanners);
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** As above, for an answer that must find room. */
    <T> CompletableFuture<T> serializable(Extent extent, CallRoom room, Supplier<T> read) {
        return serializable(
                        extent,
                        () -> {
                            room.begin();
                            return settled(room, read);
                        })
                .exceptionallyCompose(failure ->
                        lacksRoom(failure)
                                ? whenThereIsRoom(room, read)
                                : CompletableFuture.failedFuture(failure));
    }

    private static boolean lacksRoom(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EtcdException refusal
                && refusal.error() == EtcdError.TOO_MANY_REQUESTS;
    }

    private <T> CompletableFuture<T> whenThereIsRoom(CallRoom room, Supplier<T> read) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        room.begin(Duration.ofNanos(deadline - System.nanoTime()));
                        return settled(room, read);
                    },
                    waiter);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> T settled(CallRoom room, Supplier<T> read) {
        T answer = read.get();
        room.settle();
        return answer;
    }

    /** Sees every write that was acknowledged anywhere before the call. */
    <T> CompletableFuture<T> linearizable(Extent extent, Supplier<T> read) {
        return log.readBarrier().thenCompose(ready -> serializable(extent, read));
    }

    <T> CompletableFuture<T> linearizable(Extent extent, CallRoom room, Supplier<T> read) {
        return log.readBarrier().thenCompose(ready -> serializable(extent, room, read));
    }

    @Override
    public void close() {
        scanners.shutdownNow();
        waiter.shutdownNow();
    }
}
