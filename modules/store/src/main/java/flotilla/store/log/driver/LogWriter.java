package flotilla.store.log.driver;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.Timings;
import flotilla.store.log.wal.Wal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the core wants stored to the disk, in order, on the writer's thread. All that has
 * queued while the last fsync ran shares the next one (group commit): nobody waits for a timer.
 */
final class LogWriter {
    /**
     * What one step of the core wants stored.
     *
     * @param number the core's, of the latest write
     * @param install a snapshot, on the disk already, that takes the log's place
     */
    record Write(
            long number, @Nullable SnapshotMark install, List<Entry> entries, HardState state) {}

    /** A step between two writes: a mark, a release. */
    @FunctionalInterface
    interface Work {
        void run(Wal wal) throws IOException;
    }

    private final Wal wal;
    private final Executor disk;
    private final LongSupplier nanos;
    private final Consumer<List<Write>> done;
    private final Consumer<Throwable> failed;
    private final Timings fsyncs = Timings.ofFsyncs();
    private final Queue<Write> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean due = new AtomicBoolean();

    /** What a log that is being written to tells. */
    record Listener(Consumer<List<Write>> done, Consumer<Throwable> failed) {}

    /**
     * @param nanos a clock
     * @param listener called on the writer's thread, {@code done} in the order of the writes
     */
    LogWriter(Wal wal, Executor disk, LongSupplier nanos, Listener listener) {
        this.wal = wal;
        this.disk = disk;
        this.nanos = nanos;
        this.done = listener.done();
        this.failed = listener.failed();
    }

    Timings fsyncs() {
        return fsyncs;
    }

    void write(Write write) {
        queue.add(write);
        if (due.compareAndSet(false, true)) {
            disk.execute(this::drain);
        }
    }

    /** Runs it on the writer's thread, after what was written before. */
    void run(Work work) {
        disk.execute(() -> {
            try {
                work.run(wal);
            } catch (IOException | RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    private void drain() {
        due.set(false);
        List<Write> writes = new ArrayList<>();
        for (Write next = queue.poll(); next != null; next = queue.poll()) {
            writes.add(next);
        }
        if (writes.isEmpty()) {
            return;
        }
        try {
            for (Write write : writes) {
                if (write.install() != null) {
                    wal.mark(write.install());
                }
                wal.append(write.entries(), write.state());
            }
            long begin = nanos.getAsLong();
            wal.sync();
            fsyncs.add(nanos.getAsLong() - begin);
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
            return;
        }
        done.accept(writes);
    }
}
