package flotilla.store.disk;

import flotilla.platform.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that a block of the store was found damaged, in a file beside it: the next start makes
 * the store anew, whatever block it would read first. Until then nothing is known of the rest, so
 * the member must be stopped: what it can't read it can't apply either, and as a leader it would
 * answer some of its clients for ever with errors.
 *
 * <p>Any thread may call it.
 */
final class DamageMark {
    private static final Logger log = LoggerFactory.getLogger(DamageMark.class);

    private final Path file;
    private final Path store;
    private final CompletableFuture<Void> found = new CompletableFuture<>();

    /**
     * @param store the directory that it is about
     */
    DamageMark(Path file, Path store) {
        this.file = file;
        this.store = store;
    }

    /** What was found in an earlier run. */
    Optional<String> known() throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /** The store has been made anew. */
    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Fails when damage is found; never completes otherwise. */
    CompletableFuture<Void> found() {
        return found.copy();
    }

    /** What to throw for a failure of RocksDB's, which is noted if it means damage. */
    IllegalStateException failed(String attempt, RocksDBException e) {
        if (isDamage(e)) {
            note(String.valueOf(e.getMessage()));
        }
        return new IllegalStateException(
                attempt + ", store in " + store + ": " + e.getMessage(), e);
    }

    /**
     * @param what RocksDB's words; they name the file
     */
    void note(String what) {
        IOException damaged =
                new IOException(
                        "the store in %s is damaged (%s): restart this member, which makes it anew from a checkpoint and the log"
                                .formatted(store, what));
        if (!found.completeExceptionally(damaged)) {
            return;
        }
        log.error("{}", damaged.getMessage());
        try {
            AtomicFile.at(file).replace(what + "\n");
        } catch (IOException e) {
            log.error(
                    "{}; move {} away by hand before this member starts again",
                    e.getMessage(),
                    store);
        }
    }

    /** Whether it is the files' fault, and not that of the disk's room or of who else has them. */
    static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        return status != null
                && switch (status.getCode()) {
                    case Corruption, NotFound, InvalidArgument, NotSupported -> true;
                    case IOError -> String.valueOf(e.getMessage()).contains("No such file");
                    default -> false;
                };
    }
}
