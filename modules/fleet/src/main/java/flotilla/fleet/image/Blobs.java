package flotilla.fleet.image;

import flotilla.fleet.job.Blob;
import flotilla.platform.disk.DamagedFile;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * This machine's blobs, each a file of the name of its digest. One that is there is whole: it is
 * written beside, in {@code partial}, and gets its name when its digest fits, its bytes are forced
 * to the disk and then its directory. A part outlives a crash, and what follows is appended to it.
 * Each is read to its end before it is used, since a disk may forget. Safe from any thread; all
 * calls block for the disk.
 */
public final class Blobs {
    /** After so long a blob that no image of the cluster has is nobody's, nor a push under way. */
    static final Duration UNCLAIMED_MAX = Duration.ofHours(1);

    /** Left free for everybody else on that disk, in bytes. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final Path whole;
    private final Path partial;

    private Blobs(Path directory) {
        this.directory = directory;
        this.whole = directory.resolve("blobs");
        this.partial = directory.resolve("partial");
    }

    /** Made with the first blob; only its owner may look into that directory. */
    public static Blobs in(Path directory) {
        return new Blobs(directory);
    }

    private void make() throws IOException {
        for (Path each : List.of(whole, partial)) {
            if (!Files.isDirectory(each)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, OWNERS);
                Files.createDirectory(each, PosixFilePermissions.asFileAttribute(OWNERS));
                Disk.sync(directory);
            }
        }
    }

    /** Whether it is there, by its name and length; its bytes are not looked at. */
    public boolean has(Blob blob) {
        try {
            return Files.size(file(blob)) == blob.bytes();
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(Blob blob) {
        return whole.resolve(blob.digest());
    }

    private Path part(Blob blob) {
        return partial.resolve(blob.digest());
    }

    /** How many bytes of it are here. */
    public synchronized long have(Blob blob) throws IOException {
        if (has(blob)) {
            return blob.bytes();
        }
        try {
            return Files.size(part(blob));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * Appends to what is here of it; with the last byte it becomes whole, durable and visible.
     *
     * @param offset where the bytes belong: those that are here already are passed over
     * @return how many bytes of it are here now
     * @throws BadBlobException when it has another digest than its name says: nothing of it is left
     * @throws IOException for a disk that is full or broken; what was written stays
     */
    public synchronized long append(Blob blob, long offset, byte[] bytes)
            throws IOException, BadBlobException {
        long have = have(blob);
        if (has(blob) || offset > have) {
            return have;
        }
        int known = Math.toIntExact(Math.min(bytes.length, have - offset));
        int fresh = bytes.length - known;
        if (have + fresh > blob.bytes()) {
            throw new BadBlobException(
                    "blob %s is said to have %d bytes, and more came"
                            .formatted(blob.label(), blob.bytes()));
        }
        make();
        requireRoom(blob, blob.bytes() - have);
        try (FileChannel channel = open(blob)) {
            Disk.write(channel, Arrays.copyOfRange(bytes, known, bytes.length));
            if (have + fresh == blob.bytes()) {
                channel.force(true);
            }
        }
        if (have + fresh == blob.bytes()) {
            finish(blob);
        }
        return have + fresh;
    }

    private FileChannel open(Blob blob) throws IOException {
        return FileChannel.open(
                part(blob),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private void requireRoom(Blob blob, long bytes) throws IOException {
        long free = Files.getFileStore(partial).getUsableSpace();
        if (free - RESERVE_BYTES < bytes) {
            throw new IOException(
                    "no room for blob %s: %d MB are wanted at %s, and %d MB are free"
                            .formatted(blob.label(), (bytes >> 20) + 1, partial, free >> 20));
        }
    }

    private void finish(Blob blob) throws IOException, BadBlobException {
        Path part = part(blob);
        String digest;
        try (InputStream in = Files.newInputStream(part)) {
            digest = Sha256.of(in);
        }
        if (!digest.equals(blob.digest())) {
            Files.delete(part);
            throw new BadBlobException(
                    "what came as blob %s has another digest, %s"
                            .formatted(blob.label(), digest.substring(0, 12)));
        }
        Files.move(part, file(blob), StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(whole);
    }

    /**
     * Opens a blob whose bytes were just found to be what they were. Close the stream.
     *
     * @throws DamagedFile when they were not: it is removed, for another machine has it whole
     * @throws NoSuchFileException when it is not here
     */
    public InputStream open(Blob blob, long offset) throws IOException {
        Path file = file(blob);
        if (offset == 0) {
            verify(blob);
        }
        InputStream in = Files.newInputStream(file);
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** As {@link #open} says of a blob's bytes. */
    public void verify(Blob blob) throws IOException {
        Path file = file(blob);
        String digest;
        try (InputStream in = Files.newInputStream(file)) {
            digest = Sha256.of(in);
        }
        if (!digest.equals(blob.digest())) {
            Files.deleteIfExists(file);
            throw new DamagedFile(
                    file,
                    "its digest is " + digest.substring(0, 12),
                    "it is removed, and fetched anew from another machine that has it");
        }
    }

    /**
     * Removes what no image has, once it is old enough not to be of one that is just on its way.
     *
     * @param claimed digests
     * @return how many went
     */
    public synchronized int sweep(Set<String> claimed, Instant now) throws IOException {
        int gone = 0;
        for (Path directory : List.of(whole, partial)) {
            for (Path file : files(directory)) {
                Instant changed = Files.getLastModifiedTime(file).toInstant();
                boolean old = changed.plus(UNCLAIMED_MAX).isBefore(now);
                if (old && !claimed.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                    gone++;
                }
            }
        }
        return gone;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
