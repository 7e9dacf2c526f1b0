package flotilla.machine.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** How much of the disk the journals of a machine take up; safe from any thread. */
final class JournalSpace {
    /** All files of all units together, in bytes; the oldest files go when there are more. */
    static final long BYTES_MAX = 256L << 20;

    /** What even the smallest file takes up: a block of the file system, in bytes. */
    private static final long BLOCK_BYTES = 4096;

    private final Path directory;
    private final long bytesMax;
    private final AtomicLong bytes;

    /** One file as it was found. */
    private record Found(Path path, long modifiedMillis, long bytes) {}

    JournalSpace(Path directory, long bytesMax) {
        this.directory = directory;
        this.bytesMax = bytesMax;
        this.bytes = new AtomicLong(sum(files()));
    }

    void used(long more) {
        bytes.addAndGet(more);
    }

    void fileMade() {
        bytes.addAndGet(BLOCK_BYTES);
    }

    boolean isOver() {
        return bytes.get() > bytesMax;
    }

    /** What must go, the oldest first, so that a quarter is free again; counts anew. */
    List<Path> surplus() {
        List<Found> files = files();
        long left = sum(files);
        List<Path> surplus = new ArrayList<>();
        files.sort(Comparator.comparingLong(Found::modifiedMillis));
        for (Found file : files) {
            if (left <= bytesMax / 4 * 3) {
                break;
            }
            left -= file.bytes();
            surplus.add(file.path());
        }
        bytes.set(left);
        return surplus;
    }

    private static long sum(List<Found> files) {
        return files.stream().mapToLong(Found::bytes).sum();
    }

    /** None where they can't be listed: whoever writes there will say why. */
    private List<Found> files() {
        List<Found> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*.log*")) {
            for (Path path : paths) {
                BasicFileAttributes file =
                        Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (file.isRegularFile()) {
                    long blocks = (file.size() + BLOCK_BYTES) / BLOCK_BYTES * BLOCK_BYTES;
                    files.add(new Found(path, file.lastModifiedTime().toMillis(), blocks));
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return files;
        }
        return files;
    }
}
