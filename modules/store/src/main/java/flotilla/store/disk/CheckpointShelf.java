package flotilla.store.disk;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints in a directory: {@code checkpoint-TERM-INDEX}, each with its files in {@code state}
 * and a {@link Manifest} beside it. A checkpoint is made under a name that begins with {@value
 * #PARTIAL}, every byte and name in it is synced, and only then it gets its own; so what has its
 * name is whole, and what begins so is swept away at the next start. One that goes takes such a
 * name first.
 *
 * <p>Methods may come from any thread; one {@link #take} at a time.
 */
public final class CheckpointShelf implements SnapshotShelf {
    private static final Logger log = LoggerFactory.getLogger(CheckpointShelf.class);

    /** Of names that mean nothing at the next start. */
    private static final String PARTIAL = "partial-";

    /** Where in a checkpoint the state's files are. */
    static final String STATE = "state";

    private static final Pattern NAME = Pattern.compile("checkpoint-[0-9]+-[0-9]+");

    private final Path root;
    private final StateMachine machine;
    private final ShelfDisk disk;
    private @Nullable ArrivingCheckpoint arriving;
    private int arrivals;

    private CheckpointShelf(Path root, StateMachine machine, ShelfDisk disk) {
        this.root = root;
        this.machine = machine;
        this.disk = disk;
    }

    /**
     * Opens, or creates, a shelf in a directory of its own, and clears away what a crash left.
     *
     * @param machine whose checkpoints they are
     */
    public static CheckpointShelf open(Path root, StateMachine machine) throws IOException {
        return open(root, machine, ShelfDisk.HOST);
    }

    static CheckpointShelf open(Path root, StateMachine machine, ShelfDisk disk)
            throws IOException {
        Files.createDirectories(root);
        for (Path left : list(root)) {
            if (name(left).startsWith(PARTIAL)) {
                disk.delete(left);
            }
        }
        return new CheckpointShelf(root, machine, disk);
    }

    /** Those whose files are there at their lengths; of others it is logged what is wrong. */
    @Override
    public synchronized List<SnapshotMark> marks() throws IOException {
        List<SnapshotMark> marks = new ArrayList<>();
        for (Path place : places()) {
            try {
                marks.add(manifest(place).mark());
            } catch (DamagedFile e) {
                log.error("a checkpoint is left out: {}", e.getMessage());
            }
        }
        marks.sort(Comparator.comparingLong(SnapshotMark::index));
        return marks;
    }

    @Override
    public SnapshotMark take() throws IOException {
        Path partial = partial("taken");
        disk.delete(partial);
        Files.createDirectories(partial);
        try {
            SnapshotMark mark = write(partial);
            put(partial, mark);
            return mark;
        } catch (IOException | RuntimeException e) {
            giveUp(partial, e);
            throw e;
        }
    }

    private SnapshotMark write(Path partial) throws IOException {
        Path state = partial.resolve(STATE);
        Manifest manifest = new Manifest(machine.checkpoint(state), sums(state));
        Files.write(partial.resolve(Manifest.NAME), manifest.encode());
        for (Path file : list(state)) {
            disk.sync(file);
        }
        disk.sync(partial.resolve(Manifest.NAME));
        return manifest.mark();
    }

    /** Leaves no half behind: it may be for want of room that it failed. */
    private void giveUp(Path partial, Exception failure) {
        try {
            disk.delete(partial);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Files that are the same as in a checkpoint before, by a link, aren't read again. */
    private SortedMap<String, FileSum> sums(Path state) throws IOException {
        SortedMap<String, FileSum> sums = new TreeMap<>();
        Map<Object, FileSum> known = known();
        for (Path file : list(state)) {
            if (!Files.isRegularFile(file) || !Manifest.isFileName(name(file))) {
                throw new IOException(file + " can't be part of a checkpoint: not a plain file");
            }
            FileSum before = known.get(identity(file));
            sums.put(name(file), before != null ? before : FileSum.of(file));
        }
        return sums;
    }

    private synchronized Map<Object, FileSum> known() throws IOException {
        Map<Object, FileSum> known = new HashMap<>();
        for (Path place : places()) {
            try {
                Manifest manifest = manifest(place);
                for (Map.Entry<String, FileSum> file : manifest.files().entrySet()) {
                    known.put(identity(place.resolve(STATE, file.getKey())), file.getValue());
                }
            } catch (DamagedFile e) {
                log.debug("{}", e.getMessage());
            }
        }
        return known;
    }

    /** Two names of one file have the same; where the system has none, a name is its own. */
    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key != null ? key : file;
    }

    /** Puts a checkpoint, whose files are synced, in its place. */
    private synchronized void put(Path partial, SnapshotMark mark) throws IOException {
        disk.sync(partial.resolve(STATE));
        disk.sync(partial);
        Path place = place(mark);
        if (Files.exists(place)) {
            if (isSound(place)) {
                disk.delete(partial);
                return;
            }
            disk.move(place, partial("replaced"));
        }
        disk.move(partial, place);
        disk.sync(root);
        disk.delete(partial("replaced"));
    }

    private boolean isSound(Path place) throws IOException {
        try {
            manifest(place).checkSums(place.resolve(STATE));
            return true;
        } catch (DamagedFile e) {
            log.warn("{}; another takes its place", e.getMessage());
            return false;
        }
    }

    @Override
    public void restore(SnapshotMark mark) throws IOException {
        Path place = place(mark);
        manifest(place).checkSums(place.resolve(STATE));
        machine.restore(place.resolve(STATE));
    }

    @Override
    public synchronized Stored open(SnapshotMark mark) throws IOException {
        Path place = place(mark);
        return StoredCheckpoint.open(manifest(place), place);
    }

    @Override
    public Arriving receive(SnapshotMark mark) throws IOException {
        ArrivingCheckpoint before;
        ArrivingCheckpoint next;
        synchronized (this) {
            Path partial = partial("arriving-" + arrivals++);
            Files.createDirectories(partial.resolve(STATE));
            next =
                    new ArrivingCheckpoint(
                            partial,
                            mark,
                            disk,
                            () -> {
                                machine.examine(partial.resolve(STATE));
                                put(partial, mark);
                            });
            before = arriving;
            arriving = next;
        }
        if (before != null) {
            before.close(); // Not under the lock, which it takes itself when it finishes.
        }
        return next;
    }

    @Override
    public boolean dropIfDamaged(SnapshotMark mark) throws IOException {
        Path place = place(mark);
        if (!Files.exists(place) || isSound(place)) {
            return false;
        }
        drop(mark);
        machine.lookForDamage();
        return true;
    }

    @Override
    public synchronized void drop(SnapshotMark mark) throws IOException {
        Path place = place(mark);
        if (Files.exists(place)) {
            Path dropped = partial("dropped");
            disk.delete(dropped);
            disk.move(place, dropped);
            disk.sync(root); // Or a power cut could leave its name and only some of its files.
            disk.delete(dropped);
        }
    }

    /** What a checkpoint says it is, if that is what its name says, and its files are there. */
    private Manifest manifest(Path place) throws IOException {
        Manifest manifest = Manifest.read(place);
        if (!place.equals(place(manifest.mark()))) {
            throw new DamagedFile(
                    place,
                    "it holds entry %d of term %d"
                            .formatted(manifest.mark().index(), manifest.mark().term()),
                    Manifest.WAY_BACK);
        }
        manifest.checkLengths(place.resolve(STATE));
        return manifest;
    }

    private Path place(SnapshotMark mark) {
        return root.resolve("checkpoint-%d-%d".formatted(mark.term(), mark.index()));
    }

    private Path partial(String which) {
        return root.resolve(PARTIAL + which);
    }

    private List<Path> places() throws IOException {
        return list(root).stream().filter(path -> NAME.matcher(name(path)).matches()).toList();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
