package flotilla.store.log.driver;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.Input;
import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.Status;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a checkpoint is taken and what of the log may go, and sends checkpoints to members
 * whose log is too short. The log reaches back to the older of the two newest checkpoints: where
 * the newest turns out to be damaged, the other and the log make the same state. A {@link LogHold}
 * keeps what those need who are sent one. Belongs to the core's loop, but for what is said.
 */
final class SnapshotKeeper {
    /** Checkpoints that are kept. */
    static final int KEPT = 2;

    /** Log between two checkpoints, bytes, where its entries are large. */
    static final long BYTES = 64L << 20;

    /**
     * Of so many refusals of a checkpoint the first has it read, to see whether it is damaged: that
     * costs as much as to send it, and why a receiver doesn't take one may be its own affair.
     */
    private static final int REFUSALS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

    /** What it works with. */
    record Tools(
            Steps steps,
            LiveLog log,
            LogWriter writer,
            SnapshotShelf shelf,
            Transport transport,
            Workers workers) {}

    private final Tools tools;
    private final long everyEntries;
    private final Consumer<Throwable> failed;
    private final AtomicLong taken = new AtomicLong();
    private final LogHold hold = new LogHold();
    private long newest;
    private long mayGo;
    private long gone;
    private long bytes;
    private boolean taking;

    /** Which one was refused last, and how often; on the thread for snapshots. */
    private SnapshotMark refused = SnapshotMark.NONE;

    private int refusals;

    /**
     * @param everyEntries log entries between two checkpoints
     * @param newest index of the newest checkpoint, or of the log's beginning
     */
    SnapshotKeeper(Tools tools, long everyEntries, long newest, Consumer<Throwable> failed) {
        this.tools = tools;
        this.everyEntries = everyEntries;
        this.newest = newest;
        this.failed = failed;
    }

    /** How many were taken here; from any thread. */
    long taken() {
        return taken.get();
    }

    /** Entries were applied up to this one. */
    void applied(long index, long entryBytes) {
        bytes += entryBytes;
        if (!taking && (index - newest >= everyEntries || bytes >= BYTES)) {
            taking = true;
            bytes = 0;
            tools.workers().snapshots().execute(this::take);
        }
        letGo();
    }

    /** The state is that of a received checkpoint, and the log goes on from it. */
    void restored(SnapshotMark mark) {
        newest = Math.max(newest, mark.index());
        bytes = 0;
    }

    private void take() {
        try {
            SnapshotMark mark = tools.shelf().take();
            List<SnapshotMark> all = tools.shelf().marks();
            List<SnapshotMark> kept = all.subList(Math.max(0, all.size() - KEPT), all.size());
            for (SnapshotMark old : all.subList(0, all.size() - kept.size())) {
                tools.shelf().drop(old);
            }
            taken.incrementAndGet();
            long older = kept.getFirst().index();
            tools.workers().core().execute(() -> taken(mark, older));
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
        }
    }

    private void taken(SnapshotMark mark, long older) {
        taking = false;
        newest = Math.max(newest, mark.index());
        mayGo = Math.max(mayGo, older);
        hold.taken();
        tools.writer()
                .run(wal -> {
                    wal.mark(mark);
                    wal.sync();
                });
        letGo();
    }

    private void letGo() {
        if (mayGo <= gone) {
            return;
        }
        Status status = tools.steps().status();
        long unneeded = hold.unneeded(status, newest);
        long index = Math.min(Math.min(mayGo, status.applied()), unneeded);
        if (index <= gone) {
            return;
        }
        gone = index;
        tools.steps().give(new Input.Compacted(index));
        // After the step that takes it, for the core may ask for sizes until then.
        tools.workers().core().execute(() -> tools.log().compactTo(index));
        tools.writer().run(wal -> wal.release(index));
    }

    /** The core wants a member to get one. */
    void send(SnapshotOrder order) {
        hold.began();
        tools.workers()
                .snapshots()
                .execute(() -> {
                    try {
                        SnapshotMark mark = atLeast(order.atLeast());
                        CompletableFuture<Void> _ =
                                tools.transport()
                                        .send(order.to(), order.term(), tools.shelf().open(mark))
                                        .whenComplete(
                                                (_, failure) -> ended(order.to(), mark, failure));
                    } catch (IOException | RuntimeException e) {
                        report(order.to(), SnapshotMark.NONE, e);
                    }
                });
    }

    /** From any thread. */
    private void ended(long to, SnapshotMark mark, @Nullable Throwable failure) {
        if (failure == null) {
            report(to, mark, null);
        } else {
            tools.workers().snapshots().execute(() -> notTaken(to, mark, failure));
        }
    }

    /**
     * A damaged one is not offered again and again: the next order takes another. That it was sound
     * when it was refused before does not say that it still is.
     */
    private void notTaken(long to, SnapshotMark mark, Throwable failure) {
        try {
            boolean suspect = is(Transport.Declined.class, failure) && isToBeRead(mark);
            if (suspect || is(DamagedFile.class, failure)) {
                var _ = tools.shelf().dropIfDamaged(mark);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        report(to, SnapshotMark.NONE, failure);
    }

    private boolean isToBeRead(SnapshotMark mark) {
        if (!mark.equals(refused)) {
            refused = mark;
            refusals = 0;
        }
        return refusals++ % REFUSALS == 0;
    }

    private void report(long to, SnapshotMark mark, @Nullable Throwable failure) {
        tools.workers().core().execute(() -> reported(to, mark, failure));
    }

    private static boolean is(Class<? extends Throwable> kind, Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(kind::isInstance);
    }

    private SnapshotMark atLeast(long index) throws IOException {
        List<SnapshotMark> all = tools.shelf().marks();
        if (!all.isEmpty() && all.getLast().index() >= index) {
            return all.getLast();
        }
        return tools.shelf().take();
    }

    private void reported(long to, SnapshotMark mark, @Nullable Throwable failure) {
        hold.ended(to, failure == null);
        if (failure != null) {
            LOG.warn(
                    "no checkpoint reached member {}: {}",
                    Long.toHexString(to),
                    failure.toString());
        }
        tools.steps().give(new Input.SnapshotReported(to, mark));
    }
}
