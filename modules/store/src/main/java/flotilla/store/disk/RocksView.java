package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/** A RocksDB snapshot. */
final class RocksView implements Backend.View {
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final DamageMark damage;
    private final Runnable release;
    private boolean closed;

    /**
     * @param release lets go of the database, once
     */
    RocksView(RocksDB db, DamageMark damage, Runnable release) {
        this.db = db;
        this.damage = damage;
        this.release = release;
        this.snapshot = db.getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        try {
            return db.get(options, RocksStorage.tagged(space, key));
        } catch (RocksDBException e) {
            throw failed("read from " + space, e);
        }
    }

    /** What a batch holds of a key, or else this. */
    byte @Nullable [] get(WriteBatchWithIndex batch, Space space, byte[] key) {
        try {
            return batch.getFromBatchAndDB(db, options, RocksStorage.tagged(space, key));
        } catch (RocksDBException e) {
            throw failed("read from " + space, e);
        }
    }

    IllegalStateException failed(String attempt, RocksDBException e) {
        return damage.failed(attempt, e);
    }

    @Override
    public Backend.Cursor cursor(Space space) {
        return cursor(space, iterator());
    }

    Backend.Cursor cursor(Space space, RocksIterator iterator) {
        return new RocksCursor(iterator, space, damage);
    }

    RocksIterator iterator() {
        return db.newIterator(options);
    }

    /** Writes to the database; this goes on showing what was there before. */
    void write(WriteOptions how, WriteBatchWithIndex batch) throws RocksDBException {
        db.write(how, batch);
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
