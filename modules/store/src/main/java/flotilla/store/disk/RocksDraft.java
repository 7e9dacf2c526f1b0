package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/**
 * Changes in RocksDB's own memory, indexed, over a snapshot: about 60 bytes and the key for each,
 * and nothing on the heap, however many they are.
 */
final class RocksDraft implements Backend.Draft {
    private final RocksView below;
    private final WriteOptions writeOptions;
    private final WriteBatchWithIndex batch = new WriteBatchWithIndex(true);

    /**
     * @param below closed with this
     */
    RocksDraft(RocksView below, WriteOptions writeOptions) {
        this.below = below;
        this.writeOptions = writeOptions;
    }

    private interface Work {
        void run() throws RocksDBException;
    }

    private void attempt(String what, Work work) {
        try {
            work.run();
        } catch (RocksDBException e) {
            throw below.failed(what, e);
        }
    }

    @Override
    public void put(Space space, byte[] key, byte[] value) {
        attempt("change " + space, () -> batch.put(RocksStorage.tagged(space, key), value));
    }

    @Override
    public void delete(Space space, byte[] key) {
        attempt("change " + space, () -> batch.delete(RocksStorage.tagged(space, key)));
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        return below.get(batch, space, key);
    }

    @Override
    public Backend.Cursor cursor(Space space) {
        return below.cursor(space, batch.newIteratorWithBase(below.iterator()));
    }

    @Override
    public void mark() {
        batch.setSavePoint();
    }

    @Override
    public void rollback() {
        attempt("take changes back", batch::rollbackToSavePoint);
    }

    @Override
    public void write() {
        attempt("write " + batch.count() + " changes", () -> below.write(writeOptions, batch));
    }

    @Override
    public void close() {
        batch.close();
        below.close();
    }
}
