package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.mvcc.StoreState;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/** One reader's hold on a snapshot. */
final class RocksView implements Backend.View {
    private final RocksSnapshot snapshot;
    private final DamageMark damage;
    private boolean closed;

    /**
     * @param snapshot entered; left when this is closed
     */
    RocksView(RocksSnapshot snapshot, DamageMark damage) {
        this.snapshot = snapshot;
        this.damage = damage;
    }

    @Override
    public StoreState state() {
        return snapshot.state(() -> StoreState.read(this));
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        try {
            return snapshot.db().get(snapshot.options(), RocksStorage.tagged(space, key));
        } catch (RocksDBException e) {
            throw failed("read from " + space, e);
        }
    }

    /** What a batch holds of a key, or else this. */
    byte @Nullable [] get(WriteBatchWithIndex batch, Space space, byte[] key) {
        try {
            return batch.getFromBatchAndDB(
                    snapshot.db(), snapshot.options(), RocksStorage.tagged(space, key));
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
        return snapshot.db().newIterator(snapshot.options());
    }

    void write(WriteOptions how, WriteBatchWithIndex batch) throws RocksDBException {
        snapshot.write(how, batch);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            snapshot.leave();
        }
    }
}
