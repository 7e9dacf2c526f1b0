package flotilla.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of a few kilobytes or megabytes, for what happens when a disk is full. Where none
 * can be mounted the test is skipped, with the reason.
 */
public final class SmallDisk implements AutoCloseable {
    private final Path at;
    private final Path filler;

    private SmallDisk(Path at) {
        this.at = at;
        this.filler = at.resolve("filler");
    }

    /**
     * @param parent in which a directory for it is made
     */
    public static SmallDisk in(Path parent, int bytes) throws IOException, InterruptedException {
        return at(parent.resolve("disk"), bytes);
    }

    /**
     * @param at made if it isn't there; open to its owner alone, as a member wants its data to be
     */
    public static SmallDisk at(Path at, int bytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        String options = "mode=0700,size=" + bytes;
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString()),
                "a small file system can't be mounted here: that takes root's rights");
        return new SmallDisk(at);
    }

    public Path path() {
        return at;
    }

    /** Leaves no room at all beside what is there. */
    public void fill() throws IOException {
        try (OutputStream out =
                Files.newOutputStream(
                        filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left on device")) {
                throw e;
            }
        }
    }

    public void makeRoom() throws IOException {
        Files.deleteIfExists(filler);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // What a test left open is let go of later.
        if (!run("umount", "--lazy", at.toString())) {
            throw new IOException("can't unmount " + at);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
