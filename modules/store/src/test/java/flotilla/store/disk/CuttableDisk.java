package flotilla.store.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk whose power fails before a given step, and which then loses what no sync had seen: files
 * are torn, names in a directory are gone, moves are undone. A directory that was being deleted is
 * half there.
 */
final class CuttableDisk implements ShelfDisk {
    /** Power fails. */
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1;
    }

    private record Move(Path from, Path to) {}

    private final Path root;
    private final Set<Object> synced = new HashSet<>();
    private final Deque<Move> unsyncedMoves = new ArrayDeque<>();
    private int stepsLeft = Integer.MAX_VALUE;

    CuttableDisk(Path root) {
        this.root = root;
    }

    /** What is there now has been there for long. */
    void cutBeforeStep(int step) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                synced.add(key(path));
            }
        }
        stepsLeft = step;
    }

    @Override
    public void sync(Path path) throws IOException {
        step();
        synced.add(key(path));
        if (path.equals(root)) {
            unsyncedMoves.clear();
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step();
        HOST.move(from, to);
        unsyncedMoves.push(new Move(from, to));
    }

    @Override
    public void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            if (stepsLeft == 0) {
                deleteHalf(tree);
            }
            step();
            HOST.delete(tree);
        }
    }

    private void step() throws PowerCut {
        if (stepsLeft-- <= 0) {
            throw new PowerCut();
        }
    }

    private static void deleteHalf(Path tree) throws IOException {
        List<Path> files = files(tree);
        for (Path file : files.subList(0, (files.size() + 1) / 2)) {
            Files.delete(file);
        }
    }

    /** Leaves what a power cut leaves at the worst. */
    void lose(boolean moves) throws IOException {
        while (moves && !unsyncedMoves.isEmpty()) {
            Move last = unsyncedMoves.pop();
            if (Files.exists(last.to())) {
                HOST.move(last.to(), last.from());
            }
        }
        for (Path file : files(root)) {
            if (!synced.contains(key(file.resolveSibling("")))) {
                Files.delete(file);
            } else if (!synced.contains(key(file))) {
                try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
                    torn.setLength(torn.length() / 2);
                }
            }
        }
    }

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }
}
