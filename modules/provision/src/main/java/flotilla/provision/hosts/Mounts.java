package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is mounted on this machine (proc(5), mountinfo). */
final class Mounts {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int UNMOUNT_TRIES = 50;
    private static final long UNMOUNT_AGAIN_MILLIS = 100;

    private Mounts() {}

    /**
     * One of them.
     *
     * @param at where
     * @param type of the file system
     * @param options of the file system itself, not of the mount
     */
    record Mount(Path at, String type, String options) {
        private static Mount of(String line) {
            String[] halves = line.split(" - ", 2);
            String[] kind = halves[1].split(" ");
            // A blank, a tab, a line's end and a backslash are written in octal.
            String at = halves[0].split(" ")[4].replace("\\040", " ").replace("\\134", "\\");
            return new Mount(Path.of(at), kind[0], kind[2]);
        }
    }

    static List<Mount> all() {
        try (Stream<String> lines = Files.lines(TABLE)) {
            return lines.map(Mount::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + TABLE, e);
        }
    }

    static boolean has(Path at) {
        return all().stream().anyMatch(mount -> mount.at().equals(at));
    }

    /** Unmounts all that is at or below a path; nothing of it is mounted on return. */
    static void release(Path path) throws InterruptedException {
        for (int i = 0; hasBelow(path); i++) {
            CommandResult result = Command.attempt("umount", "-R", path.toString());
            if (result.isDone() || !hasBelow(path)) {
                continue;
            }
            if (i == UNMOUNT_TRIES) {
                throw new ProvisionException(
                        "%s can't be unmounted, so its files stay: %s"
                                .formatted(path, result.out().strip()));
            }
            // What runs below it is about to end.
            TimeUnit.MILLISECONDS.sleep(UNMOUNT_AGAIN_MILLIS);
            for (Mount mount : all().reversed()) {
                if (mount.at().startsWith(path)) {
                    var _ = Command.attempt("umount", mount.at().toString());
                }
            }
        }
    }

    private static boolean hasBelow(Path path) {
        return all().stream().anyMatch(mount -> mount.at().startsWith(path));
    }
}
