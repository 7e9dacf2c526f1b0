package flotilla.store.disk;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

/**
 * A RocksDB that is kept open while it is used, for it crashes the process when used after it is
 * closed, and the snapshot of its present state that reads share.
 *
 * <p>No lock: the first read after a write takes a snapshot and leaves it to those that follow, up
 * to the next write; the last of its readers releases it. So there are as many as there are states
 * that somebody reads just now, and one more. A snapshot may be shared while the number of writes
 * is the one that it was taken after; whoever finds another number takes a new one.
 */
final class OpenDatabase implements AutoCloseable {
    private final RocksDB db;
    private final CountDownLatch unused = new CountDownLatch(1);
    private final Uses uses = new Uses(unused::countDown);
    private final AtomicLong writes = new AtomicLong();
    private final AtomicReference<@Nullable RocksSnapshot> shared = new AtomicReference<>();
    private volatile boolean closing;

    /** Closes it in the end. */
    OpenDatabase(RocksDB db) {
        this.db = db;
    }

    /** To be used between {@link #enter} and {@link #leave}, or while a snapshot is held. */
    RocksDB db() {
        return db;
    }

    /** False once it is closing. */
    boolean enter() {
        return uses.enter();
    }

    void leave() {
        uses.leave();
    }

    /** The state after all writes up to now, entered; null once it is closing. */
    @Nullable RocksSnapshot snapshot() {
        long now = writes.get();
        RocksSnapshot held = shared.get();
        if (held != null && held.writes() == now && held.enter()) {
            return held;
        }
        if (closing || !uses.enter()) {
            return null;
        }
        RocksSnapshot fresh = new RocksSnapshot(this, now);
        share(fresh);
        return fresh;
    }

    private void share(RocksSnapshot fresh) {
        if (!fresh.enter()) {
            throw new IllegalStateException("a snapshot ended while it was held");
        }
        put(fresh);
        // Whoever writes or closes drops what is shared: before this was, perhaps.
        if (closing || writes.get() != fresh.writes()) {
            put(null);
        }
    }

    private void put(@Nullable RocksSnapshot snapshot) {
        RocksSnapshot before = shared.getAndSet(snapshot);
        if (before != null) {
            before.leave();
        }
    }

    /** Something was written: reads that begin from now on must see it. */
    void wrote() {
        writes.incrementAndGet();
        put(null);
    }

    /** Waits until nobody uses it any more. */
    @Override
    public void close() {
        closing = true;
        put(null);
        uses.leave();
        boolean interrupted = false;
        while (true) {
            try {
                unused.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        db.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
