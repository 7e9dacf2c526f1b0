package flotilla.store.raft;

import flotilla.platform.disk.Disk;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of the state machine, one directory each, named by the term and index they hold.
 * A directory appears under its name by one rename, complete or not at all. Ratis sends the newest
 * to followers that lag behind the log, and puts one received in place of the whole shelf.
 */
final class SnapshotShelf implements StateMachineStorage {
    /** Checkpoints kept; the second newest may still be on its way to a follower. */
    static final int KEPT = 2;

    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,19})-(\\d{1,19})");
    private static final String PARTIAL = ".partial";

    private @Nullable Path directory;
    private @Nullable Path receiving;
    private volatile @Nullable Checkpoint latest;

    private record Checkpoint(TermIndex at, Path path, SnapshotInfo info) {}

    @Override
    public void init(RaftStorage storage) throws IOException {
        Path shelf = storage.getStorageDir().getStateMachineDir().toPath();
        directory = shelf;
        receiving = storage.getStorageDir().getTmpDir().toPath();
        Disk.deleteTree(receiving);
        Disk.deleteTree(shelf.resolve(PARTIAL));
        endExchange(shelf);
        rescan();
    }

    /**
     * Ratis moves the old shelf aside, a received one into its place, and then deletes the old: a
     * crash between the two moves leaves no shelf, although the log was purged up to the old one.
     */
    private void endExchange(Path shelf) throws IOException {
        Path parent = shelf.resolveSibling("");
        List<Path> aside;
        try (Stream<Path> siblings = Files.list(parent)) {
            aside = siblings.filter(path -> name(path).startsWith(name(shelf) + ".tmp")).toList();
        }
        for (Path old : aside) {
            if (checkpoints().isEmpty()) {
                Disk.deleteTree(shelf);
                Files.move(old, shelf, StandardCopyOption.ATOMIC_MOVE);
                Disk.sync(parent);
            } else {
                Disk.deleteTree(old);
            }
        }
    }

    /** Makes durable what Ratis has received and is about to put on the shelf. Blocks. */
    void syncReceived() throws IOException {
        if (receiving == null || !Files.isDirectory(receiving)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(receiving)) {
            for (Path path : walk.toList()) {
                Disk.sync(path);
            }
        }
    }

    /** Looks again for what lies on the shelf. */
    void rescan() throws IOException {
        List<Path> checkpoints = checkpoints();
        latest = checkpoints.isEmpty() ? null : describe(checkpoints.getLast());
    }

    /** Takes a checkpoint and puts it on the shelf. Blocks for the disk. */
    void put(TermIndex at, CheckpointWriter writer) throws IOException {
        Path partial = shelf().resolve(PARTIAL);
        Disk.deleteTree(partial);
        writer.write(partial);
        Path place = shelf().resolve("checkpoint-" + at.getTerm() + "-" + at.getIndex());
        Disk.deleteTree(place);
        Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(shelf());
        latest = describe(place);
    }

    @FunctionalInterface
    interface CheckpointWriter {
        void write(Path directory) throws IOException;
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        Checkpoint newest = latest;
        return newest == null ? null : newest.info();
    }

    /** The last entries in the checkpoints, counted from 1; the oldest first. */
    List<Long> indexes() throws IOException {
        return checkpoints().stream().map(path -> termIndex(path).getIndex() + 1).toList();
    }

    /** Of the newest; 0 for none. */
    long newest() throws IOException {
        List<Long> indexes = indexes();
        return indexes.isEmpty() ? 0 : indexes.getLast();
    }

    /** The directory of the checkpoint whose last entry it is, counted from 1. */
    Path path(long index) throws IOException {
        return checkpoints().stream()
                .filter(path -> termIndex(path).getIndex() + 1 == index)
                .findFirst()
                .orElseThrow(() -> new IOException("no checkpoint of entry " + index));
    }

    void drop(long index) throws IOException {
        Disk.deleteTree(path(index));
        rescan();
    }

    /** The newest checkpoint's directory. */
    Path latestPath() throws IOException {
        Checkpoint newest = latest;
        if (newest == null) {
            throw new IOException("no checkpoint in " + shelf());
        }
        return newest.path();
    }

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        List<Path> checkpoints = checkpoints();
        for (Path old : checkpoints.subList(0, Math.max(0, checkpoints.size() - KEPT))) {
            Disk.deleteTree(old);
        }
    }

    @Override
    public void format() throws IOException {
        for (Path checkpoint : checkpoints()) {
            Disk.deleteTree(checkpoint);
        }
        latest = null;
    }

    @Override
    public @Nullable File getSnapshotDir() {
        return directory == null ? null : directory.toFile();
    }

    private Path shelf() throws IOException {
        if (directory == null) {
            throw new IOException("the snapshot shelf is not open");
        }
        return directory;
    }

    /** Oldest first. */
    private List<Path> checkpoints() throws IOException {
        if (!Files.isDirectory(shelf())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(shelf())) {
            return entries.filter(path -> NAME.matcher(name(path)).matches())
                    .sorted(Comparator.comparing(SnapshotShelf::termIndex))
                    .toList();
        }
    }

    private static Checkpoint describe(Path path) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path sum : walk.filter(file -> isChecksum(path, file)).toList()) {
                Files.delete(sum);
            }
        }
        TermIndex at = termIndex(path);
        try (Stream<Path> walk = Files.walk(path)) {
            List<FileInfo> files =
                    walk.filter(Files::isRegularFile)
                            .sorted()
                            .map(file -> new FileInfo(file, null))
                            .toList();
            return new Checkpoint(at, path, new FileListSnapshotInfo(files, at));
        } catch (UncheckedIOException e) {
            throw new IOException("list the files of " + path, e);
        }
    }

    /** Ratis leaves a checksum beside each file that it received and has checked by then. */
    private static boolean isChecksum(Path checkpoint, Path file) {
        String name = name(file);
        return !file.equals(checkpoint)
                && name.endsWith(".md5")
                && Files.exists(file.resolveSibling(name.substring(0, name.length() - 4)));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static TermIndex termIndex(Path path) {
        Matcher matcher = NAME.matcher(name(path));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(path + " is not a checkpoint");
        }
        return TermIndex.valueOf(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
