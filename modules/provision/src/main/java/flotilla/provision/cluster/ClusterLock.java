package flotilla.provision.cluster;

import flotilla.platform.disk.Disk;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import flotilla.provision.process.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command at a time changes the cluster. A lock of the kernel's on an open file: it goes with
 * the process that holds it however that ends, so a file left behind means nothing.
 */
public final class ClusterLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterLock.class);

    /** How long to wait for another command to finish before giving up. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(100);

    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Where the lock of the cluster is that has this home. */
    public static Path file(Path home) {
        return home.resolve("lock");
    }

    /**
     * Waits up to 90 s for another command to let go of it.
     *
     * @param home the cluster's directory; made when it is not there
     */
    public static ClusterLock take(Path home, Progress progress) throws InterruptedException {
        return take(home, progress, PATIENCE);
    }

    static ClusterLock take(Path home, Progress progress, Duration patience)
            throws InterruptedException {
        Path file = file(home);
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        try {
            while (true) {
                PrivateFiles.createDirectories(home);
                ClusterLock lock = attempt(file);
                if (lock != null) {
                    return lock;
                }
                String holder = holder(file);
                if (System.nanoTime() > deadline) {
                    throw new ProvisionException(
                            "another flotilla command (process "
                                    + holder
                                    + ") is still working on this cluster: wait for it to end, or end it, and try again");
                }
                if (!told) {
                    progress.step("waiting for another flotilla command, process " + holder);
                    told = true;
                }
                Thread.sleep(POLL);
            }
        } catch (IOException e) {
            throw new ProvisionException("can't lock " + file + ": is it writable for you?", e);
        }
    }

    /** A purge removes the lock's file, and with it its directory, before it lets go. */
    private static String holder(Path file) throws IOException {
        try {
            String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
            return line.isEmpty() ? "of an unknown number" : line;
        } catch (NoSuchFileException e) {
            return "that removes it";
        }
    }

    private static @Nullable ClusterLock attempt(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null; // The directory went meanwhile.
        }
        boolean kept = false;
        try {
            FileLock lock = lock(channel);
            // A purge may have removed the file between our open and our lock: lock the new one.
            if (lock == null || !Files.exists(file)) {
                return null;
            }
            sign(channel);
            kept = true;
            return new ClusterLock(channel);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /**
     * So that others can be told who holds it; on a full disk they can't, and that harms nobody.
     */
    private static void sign(FileChannel channel) {
        String line = ProcessHandle.current().pid() + "\n";
        try {
            channel.truncate(0);
            Disk.write(channel, line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            log.debug("the cluster's lock doesn't say who holds it", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // Held by another thread of this very process: the same as by another.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ProvisionException("can't let go of the cluster's lock", e);
        }
    }
}
