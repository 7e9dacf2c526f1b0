package flotilla.store.disk;

import flotilla.store.apply.mvcc.StoreState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/** One state of the database, and who reads it. Released when the last of them has left. */
final class RocksSnapshot {
    private final OpenDatabase database;
    private final long writes;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final Uses uses;
    private volatile @Nullable StoreState state;

    /**
     * Takes one; who does is its first user.
     *
     * @param database entered; left in the end
     * @param writes how many there were before
     */
    RocksSnapshot(OpenDatabase database, long writes) {
        this.database = database;
        this.writes = writes;
        this.snapshot = database.db().getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
        this.uses = new Uses(this::end);
    }

    long writes() {
        return writes;
    }

    boolean enter() {
        return uses.enter();
    }

    void leave() {
        uses.leave();
    }

    RocksDB db() {
        return database.db();
    }

    ReadOptions options() {
        return options;
    }

    /** Read once for all that share it. */
    StoreState state(Supplier<StoreState> read) {
        StoreState known = state;
        if (known == null) {
            known = read.get();
            state = known;
        }
        return known;
    }

    /** Writes to the database; this goes on showing what was there before. */
    void write(WriteOptions how, WriteBatchWithIndex batch) throws RocksDBException {
        database.db().write(how, batch);
        database.wrote();
    }

    private void end() {
        options.close();
        database.db().releaseSnapshot(snapshot);
        database.leave();
    }
}
