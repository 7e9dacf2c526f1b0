package flotilla.platform.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is only ever replaced whole: whoever reads it, also after a crash, finds the old
 * contents or the new, never a part. The new are written to a file of another name beside it, which
 * only its owner may read until it has its mode, forced to the disk, and renamed; then the
 * directory is forced to the disk, so that the name outlives a power cut when {@link #replace}
 * returns. After an {@link IOException} the file is as before, unless it names the last step: then
 * it is the new one, and whether it outlives a power cut is not known. Nothing else is left beside
 * it.
 *
 * <p>Two writers of one file at a time do no harm to each other: one of them has the last word.
 */
public final class AtomicFile {
    private static final Set<PosixFilePermission> READABLE =
            PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private final Path directory;
    private final Set<PosixFilePermission> mode;
    private final Preparation preparation;
    private final boolean synced;

    /** What else the new file needs before it gets its name, an owner for example. */
    @FunctionalInterface
    public interface Preparation {
        void of(Path fresh) throws IOException;
    }

    private AtomicFile(
            Path file, Set<PosixFilePermission> mode, Preparation preparation, boolean synced) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        this.file = file;
        this.directory = parent;
        this.mode = mode;
        this.preparation = preparation;
        this.synced = synced;
    }

    /** One that everybody may read (0644, whatever the umask). Its directory must exist. */
    public static AtomicFile at(Path file) {
        return new AtomicFile(file, READABLE, _ -> {}, true);
    }

    /** One that only its owner may read (0600). Its directory must exist. */
    public static AtomicFile secretAt(Path file) {
        return at(file).withMode(PRIVATE);
    }

    public AtomicFile withMode(Set<PosixFilePermission> other) {
        return new AtomicFile(file, Set.copyOf(other), preparation, synced);
    }

    /**
     * With something more to do to the new file, before it has its mode. What that throws is passed
     * on as it is.
     */
    public AtomicFile prepared(Preparation more) {
        return new AtomicFile(file, mode, more, synced);
    }

    /**
     * Not forced to the disk, for what a power cut ends anyway ({@code /run}): whole after the
     * crash of a process; after one of the machine it may be old, or empty.
     */
    public AtomicFile unsynced() {
        return new AtomicFile(file, mode, preparation, false);
    }

    /** Blocks for the disk. UTF-8. */
    public void replace(String text) throws IOException {
        replace(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Blocks for the disk. */
    public void replace(byte[] content) throws IOException {
        rename(fresh -> fill(fresh, content));
    }

    /** Replaces it by a symbolic link. Blocks for the disk. */
    public void replaceByLink(Path target) throws IOException {
        rename(fresh -> {
            attempt("free the name beside it", () -> Files.delete(fresh));
            attempt("make the link beside it", () -> Files.createSymbolicLink(fresh, target));
        });
    }

    /** Gives a new file its name when it is filled, or leaves no trace of it. */
    private void rename(Preparation filling) throws IOException {
        Path fresh = createBeside();
        boolean done = false;
        try {
            filling.of(fresh);
            attempt(
                    "rename the new file",
                    () -> Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE));
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(fresh);
            }
        }
        if (synced) {
            attempt("force its directory to the disk", () -> Disk.sync(directory));
        }
    }

    private Path createBeside() throws IOException {
        try {
            return Files.createTempFile(
                    directory, ".new-", "", PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (IOException e) {
            throw failed("make a file beside it", e);
        }
    }

    private void fill(Path fresh, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            attempt("write the new contents", () -> Disk.write(channel, content));
            preparation.of(fresh);
            attempt("set its mode", () -> Files.setPosixFilePermissions(fresh, mode));
            if (synced) {
                attempt("force the new contents to the disk", () -> channel.force(true));
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(String what, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw failed(what, e);
        }
    }

    private IOException failed(String what, IOException e) {
        return new IOException(
                "can't replace %s: can't %s: %s".formatted(file, what, reason(e)), e);
    }

    /**
     * The system's words; the path that a FileSystemException puts before them is a passing one.
     */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException named) {
            return named.getReason() == null ? named.getClass().getSimpleName() : named.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
