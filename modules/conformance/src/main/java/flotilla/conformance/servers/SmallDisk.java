package flotilla.conformance.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few megabytes, that can be filled and emptied again. Takes root's rights. */
public final class SmallDisk implements AutoCloseable {
    /** A file system gives room in such pieces: less is not left. */
    private static final int BLOCK_BYTES = 4_096;

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /**
     * Mounts one.
     *
     * @param folder made if it isn't there
     * @throws Unavailable where that isn't possible
     */
    public static SmallDisk mount(Path folder, int mebibytes) throws Unavailable {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + folder, e);
        }
        String options = "mode=0700,size=" + mebibytes + "m";
        String failure =
                Shell.attempt("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
        if (!failure.isEmpty()) {
            throw new Unavailable("a small file system can't be mounted here: " + failure);
        }
        return new SmallDisk(folder);
    }

    /** Leaves no room beside what is there. */
    public void fill() {
        String full = Shell.attempt("dd", "if=/dev/zero", "of=" + ballast, "bs=" + BLOCK_BYTES);
        if (!full.contains("No space left")) {
            throw new IllegalStateException("filling " + folder + ": " + full);
        }
    }

    public void makeRoom() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + ballast, e);
        }
    }

    @Override
    public void close() {
        Shell.run("umount", "--lazy", folder.toString());
    }
}
