package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A RocksDB snapshot. */
final class RocksView implements Backend.View {
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final Runnable release;
    private boolean closed;

    /**
     * @param release lets go of the database, once
     */
    RocksView(RocksDB db, Runnable release) {
        this.db = db;
        this.release = release;
        this.snapshot = db.getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        try {
            return db.get(options, RocksStorage.tagged(space, key));
        } catch (RocksDBException e) {
            throw new IllegalStateException("read from " + space + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Backend.Cursor cursor(Space space) {
        return new RocksCursor(db.newIterator(options), space);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            options.close();
            db.releaseSnapshot(snapshot);
            release.run();
        }
    }
}
