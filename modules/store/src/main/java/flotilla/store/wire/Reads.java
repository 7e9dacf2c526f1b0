package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.store.apply.mvcc.AnswerRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.raft.ReplicatedLog;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
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

    /** What one answer may hold, in bytes: half of what all together may. */
    private static final long ANSWER_BYTES_MAX = MemoryBudget.ofThisJvm().bytes(Share.SCANS) / 2;

    private final ReplicatedLog log;
    private final ThreadPoolExecutor scanners;

    Reads(ReplicatedLog log) {
        this.log = log;
        this.scanners =
                new ThreadPoolExecutor(
                        SCANNERS,
                        SCANNERS,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING_SCANS),
                        Thread.ofPlatform().daemon().name("etcd-scan-", 0).factory());
        scanners.allowCoreThreadTimeOut(true);
    }

    /** For one answer. */
    static AnswerRoom room() {
        return new AnswerRoom(ANSWER_BYTES_MAX, EtcdError.ANSWER_TOO_LARGE);
    }

    enum Extent {
        ONE_KEY,
        SCAN
    }

    /** Reads what this member has applied, be it behind the others. */
    <T> CompletableFuture<T> serializable(Extent extent, Supplier<T> read) {
        return switch (extent) {
            case ONE_KEY -> {
                try {
                    yield CompletableFuture.completedFuture(read.get());
                } catch (RuntimeException e) {
                    yield CompletableFuture.failedFuture(e);
                }
            }
            case SCAN -> {
                try {
                    yield CompletableFuture.supplyAsync(read, scanners);
                } catch (RuntimeException e) {
                    yield CompletableFuture.failedFuture(e);
                }
            }
        };
    }

    /** Sees every write that was acknowledged anywhere before the call. */
    <T> CompletableFuture<T> linearizable(Extent extent, Supplier<T> read) {
        return log.readBarrier().thenCompose(ready -> serializable(extent, read));
    }

    @Override
    public void close() {
        scanners.shutdownNow();
    }
}
