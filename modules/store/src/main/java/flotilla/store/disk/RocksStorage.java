package flotilla.store.disk;

import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB as the store's backend. All spaces share one column family, told apart by their first
 * byte, and nothing goes to RocksDB's own log: so what a crash leaves is always the state after one
 * of the writes, never a mixture. Durable is what {@link #flush} (an fsynced table file) left.
 *
 * <p>Reads and writes take no lock. Restore and close wait until nobody uses the database; who
 * comes while it is restored waits for that to end.
 */
public final class RocksStorage implements Storage {
    private static final Logger log = LoggerFactory.getLogger(RocksStorage.class);

    private final DataDirectory directory;
    private final ReentrantLock replacing = new ReentrantLock();
    private final RocksTuning tuning = new RocksTuning();
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final DamageMark damage;
    private final TableCheck check;

    /** Replaced, and ended, under the lock. */
    private volatile OpenDatabase database;

    private volatile boolean closed;

    private RocksStorage(DataDirectory directory) throws IOException {
        this.directory = directory;
        this.damage = new DamageMark(directory.mark(), directory.live());
        this.database = openOrBegin();
        this.check = TableCheck.start(tables(), damage);
    }

    /** Opens, or creates, the store in a directory that is its own. */
    public static RocksStorage open(Path directory) throws IOException {
        DataDirectory opened = DataDirectory.open(directory);
        loadLibrary(directory);
        return new RocksStorage(opened);
    }

    /**
     * Loads RocksDB's native half from the store's own directory: in the one for temporary files a
     * killed process would leave it for ever, and on many hosts nothing there may be executed.
     */
    private static void loadLibrary(Path directory) throws IOException {
        NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        RocksDB.loadLibrary();
        // Once it is mapped its name is not needed.
        Files.deleteIfExists(directory.resolve(Environment.getJniLibraryFileName("rocksdb")));
    }

    /**
     * A store that is damaged is set aside and begun anew, empty: it can be made of a checkpoint
     * and the log. Whoever opens it sees by its applied index that it was.
     */
    private OpenDatabase openOrBegin() throws IOException {
        Optional<String> known = damage.known();
        if (known.isEmpty() && directory.isBeheaded()) {
            known = Optional.of("CURRENT is missing beside tables");
        }
        if (known.isEmpty()) {
            known = RocksManifest.damage(directory.live());
        }
        if (known.isPresent()) {
            return begin(known.get());
        }
        try {
            return openDb();
        } catch (RocksDBException e) {
            if (DamageMark.isDamage(e)) {
                return begin(String.valueOf(e.getMessage()));
            }
            throw unopened(e);
        }
    }

    private OpenDatabase begin(String what) throws IOException {
        log.warn(
                "the store in {} is damaged ({}): it is made anew from a checkpoint and the log; what is left of it is in {}",
                directory.live(),
                what,
                directory.aside());
        directory.setAside();
        damage.clear();
        try {
            return openDb();
        } catch (RocksDBException e) {
            throw unopened(e);
        }
    }

    private OpenDatabase openDb() throws RocksDBException {
        return new OpenDatabase(RocksDB.open(tuning.options(), directory.live().toString()));
    }

    private IOException unopened(RocksDBException e) {
        return new IOException("open the store in " + directory.live() + ": " + e.getMessage(), e);
    }

    private List<Path> tables() {
        return database.db().getLiveFilesMetaData().stream()
                .map(table -> directory.live().resolve(table.fileName().substring(1)))
                .toList();
    }

    @Override
    public void lookForDamage() {
        OpenDatabase of = enter();
        try {
            TableCheck.of(tables(), damage).run();
        } finally {
            of.leave();
        }
    }

    @Override
    public CompletableFuture<Void> damage() {
        return damage.found();
    }

    @Override
    public View view() {
        return open();
    }

    @Override
    public Draft draft() {
        return new RocksDraft(open(), writeOptions);
    }

    private RocksView open() {
        RocksSnapshot snapshot = database.snapshot();
        while (snapshot == null) {
            snapshot = successor().snapshot();
        }
        return new RocksView(snapshot, damage);
    }

    @Override
    public void write(List<Change> changes) {
        OpenDatabase of = enter();
        try (WriteBatch batch = new WriteBatch()) {
            for (Change change : changes) {
                byte[] key = tagged(change.space(), change.key());
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(key);
                } else {
                    batch.put(key, value);
                }
            }
            of.db().write(writeOptions, batch);
            of.wrote();
        } catch (RocksDBException e) {
            throw damage.failed("write " + changes.size() + " changes", e);
        } finally {
            of.leave();
        }
    }

    /** Holds the database open until it is left. */
    private OpenDatabase enter() {
        OpenDatabase open = database;
        while (!open.enter()) {
            open = successor();
        }
        return open;
    }

    /** The database after one that was closed; waits until it is there. */
    private OpenDatabase successor() {
        replacing.lock();
        try {
            if (closed) {
                throw new EtcdException(EtcdError.STOPPED);
            }
            return database;
        } finally {
            replacing.unlock();
        }
    }

    static byte[] tagged(Space space, byte[] key) {
        byte[] tagged = new byte[key.length + 1];
        tagged[0] = space.tag();
        System.arraycopy(key, 0, tagged, 1, key.length);
        return tagged;
    }

    @Override
    public void flush() throws IOException {
        whileOpen(
                "flush",
                db -> {
                    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
                        db.flush(options);
                    }
                });
    }

    @Override
    public <T> T checkpoint(Path target, Function<View, T> question) throws IOException {
        Files.deleteIfExists(target); // RocksDB wants to make it; an empty one may go
        Path parent = target.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        whileOpen(
                "checkpoint to " + target,
                db -> {
                    try (Checkpoint checkpoint = Checkpoint.create(db)) {
                        checkpoint.createCheckpoint(target.toString());
                    }
                });
        directory.forgetAside();
        return CheckpointQuery.ask(target, damage, question);
    }

    @Override
    public <T> T examine(Path source, Function<View, T> question) throws IOException {
        TableCheck.check(source);
        return CheckpointQuery.ask(source, damage, question);
    }

    @Override
    public void restore(Path source) throws IOException {
        directory.stage(source);
        replacing.lock();
        try {
            if (closed) {
                throw new EtcdException(EtcdError.STOPPED);
            }
            closed = true; // until the new one is open
            database.close();
            directory.swap();
            database = openDb();
            closed = false;
        } catch (RocksDBException e) {
            throw unopened(e);
        } finally {
            replacing.unlock();
        }
    }

    @Override
    public void reclaim() throws IOException {
        whileOpen("compact", RocksDB::compactRange);
    }

    @Override
    public long sizeBytes() {
        return property("rocksdb.total-sst-files-size")
                + property("rocksdb.cur-size-all-mem-tables");
    }

    @Override
    public long sizeInUseBytes() {
        return Math.min(
                sizeBytes(),
                property("rocksdb.estimate-live-data-size")
                        + property("rocksdb.cur-size-all-mem-tables"));
    }

    /** How many states are held for readers. */
    long snapshots() {
        return property("rocksdb.num-snapshots");
    }

    private long property(String name) {
        OpenDatabase of = enter();
        try {
            return of.db().getLongProperty(name);
        } catch (RocksDBException e) {
            throw damage.failed("read " + name, e);
        } finally {
            of.leave();
        }
    }

    private interface Work {
        void run(RocksDB db) throws RocksDBException;
    }

    private void whileOpen(String what, Work work) throws IOException {
        OpenDatabase of = enter();
        try {
            work.run(of.db());
        } catch (RocksDBException e) {
            IllegalStateException failed = damage.failed(what, e);
            throw new IOException(failed.getMessage(), e);
        } finally {
            of.leave();
        }
    }

    @Override
    public void close() {
        check.close();
        replacing.lock();
        try {
            if (!closed) {
                closed = true;
                database.close();
                writeOptions.close();
                tuning.close();
            }
        } finally {
            replacing.unlock();
        }
    }
}
