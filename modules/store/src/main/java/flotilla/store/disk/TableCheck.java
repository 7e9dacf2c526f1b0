package flotilla.store.disk;

import flotilla.platform.disk.DamagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a store's files from end to end, beside the database: RocksDB itself checks a block only
 * when somebody reads it, which may be never, or on the day the other members are gone.
 */
final class TableCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableCheck.class);

    private static final String WAY_BACK = "another member's newest checkpoint may take its place";

    private final List<Path> tables;
    private final DamageMark mark;
    private final Thread thread;
    private volatile boolean closed;

    private TableCheck(List<Path> tables, DamageMark mark) {
        this.tables = tables;
        this.mark = mark;
        this.thread = Thread.ofPlatform().name("store-check").daemon().unstarted(this::run);
    }

    /**
     * Looks at tables once, in the background.
     *
     * @param tables whole ones: one that is being written looks like a damaged one
     */
    static TableCheck start(List<Path> tables, DamageMark mark) {
        TableCheck check = of(tables, mark);
        check.thread.start();
        return check;
    }

    /** Looks at tables when it is {@link #run}. */
    static TableCheck of(List<Path> tables, DamageMark mark) {
        return new TableCheck(tables, mark);
    }

    /** Blocks for the disk. */
    void run() {
        try {
            for (Path table : tables) {
                if (closed) {
                    return;
                }
                checkLive(table);
            }
        } catch (RuntimeException e) {
            log.error("looking for damaged tables failed; damage is noticed when it is read", e);
        }
    }

    private void checkLive(Path table) {
        try {
            read(table);
        } catch (RocksDBException e) {
            // One that has been merged into another meanwhile is gone.
            if (Files.exists(table) && DamageMark.isDamage(e)) {
                mark.note(String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * Checks all of a store that nobody has open. Blocks for the disk.
     *
     * @throws DamagedFile naming the first file that is damaged
     */
    static void check(Path directory) throws IOException {
        Optional<String> manifest = RocksManifest.damage(directory);
        if (manifest.isPresent()) {
            throw new DamagedFile(directory, manifest.get(), WAY_BACK);
        }
        Path read = directory;
        try (Options options = new Options();
                RocksDB _ = RocksDB.openReadOnly(options, directory.toString())) {
            for (Path table : tables(directory)) {
                read = table;
                read(table);
            }
        } catch (RocksDBException e) {
            throw new DamagedFile(read, String.valueOf(e.getMessage()), WAY_BACK, e);
        }
    }

    private static void read(Path table) throws RocksDBException {
        try (Options options = new Options();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(table.toString());
            reader.verifyChecksum();
        }
    }

    private static List<Path> tables(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst")).sorted().toList();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
