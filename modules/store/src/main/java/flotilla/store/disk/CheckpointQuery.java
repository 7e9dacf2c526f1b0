package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Asks a checkpoint what it holds. Which of the states it is that were there while it was taken,
 * only it can say.
 */
final class CheckpointQuery {
    private CheckpointQuery() {}

    static <T> T ask(Path directory, DamageMark damage, Function<Backend.View, T> question)
            throws IOException {
        try (Options options = new Options();
                OpenDatabase held =
                        new OpenDatabase(RocksDB.openReadOnly(options, directory.toString()));
                RocksView view = new RocksView(Objects.requireNonNull(held.snapshot()), damage)) {
            return question.apply(view);
        } catch (RocksDBException e) {
            throw new IOException("read the checkpoint in " + directory + ": " + e.getMessage(), e);
        } finally {
            deleteNotes(directory);
        }
    }

    /** RocksDB notes in the directory that it read there; that belongs to no checkpoint. */
    private static void deleteNotes(Path directory) throws IOException {
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(directory, "LOG*")) {
            for (Path note : notes) {
                Files.delete(note);
            }
        }
    }
}
