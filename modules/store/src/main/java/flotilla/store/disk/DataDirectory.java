package flotilla.store.disk;

import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The store's directory, and how its contents are replaced so that a crash leaves the old ones or
 * the new ones: the new are gathered in {@code staging}, renamed to {@code incoming} when complete
 * (from then on they are what counts), and then take the place of {@code live}.
 */
final class DataDirectory {
    private final Path root;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /** Opens it, and finishes or undoes a replacement that a crash cut short. */
    static DataDirectory open(Path root) throws IOException {
        Files.createDirectories(root);
        DataDirectory directory = new DataDirectory(root);
        Disk.deleteTree(directory.staging());
        if (Files.exists(directory.incoming())) {
            directory.swap();
        }
        return directory;
    }

    Path live() {
        return root.resolve("live");
    }

    private Path staging() {
        return root.resolve("staging");
    }

    private Path incoming() {
        return root.resolve("incoming");
    }

    /** Where a damaged store is kept until the one in its place has had a checkpoint. */
    Path aside() {
        return root.resolve("damaged");
    }

    /** The {@link DamageMark}'s file. */
    Path mark() {
        return root.resolve("damage-found");
    }

    /**
     * Whether there are tables, and nothing says which of them count: RocksDB would take it for a
     * new store.
     */
    boolean isBeheaded() throws IOException {
        if (!Files.isDirectory(live()) || Files.exists(live().resolve("CURRENT"))) {
            return false;
        }
        return list(live()).stream().anyMatch(DataDirectory::isImmutable);
    }

    /** Does nothing where a crash cut it short when it was done. */
    void setAside() throws IOException {
        if (Files.exists(live())) {
            Disk.deleteTree(aside());
            Files.move(live(), aside(), StandardCopyOption.ATOMIC_MOVE);
            Disk.sync(root);
        }
    }

    void forgetAside() throws IOException {
        Disk.deleteTree(aside());
    }

    /** Gathers new contents, durably; {@link #swap} must follow, now or at the next start. */
    void stage(Path source) throws IOException {
        Disk.deleteTree(staging());
        Disk.deleteTree(incoming());
        Files.createDirectories(staging());
        for (Path file : list(source)) {
            Path copy = staging().resolve(file.getFileName().toString());
            if (!isImmutable(file) || !link(file, copy)) {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            Disk.sync(copy); // A linked one too: it may have come over the network just now.
        }
        Disk.sync(staging());
        Files.move(staging(), incoming(), StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(root);
    }

    /** Puts staged contents in place of the live ones, which nobody may have open. */
    void swap() throws IOException {
        Disk.deleteTree(live());
        Files.move(incoming(), live(), StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(root);
    }

    /** RocksDB never changes a table file, so two directories may share it. */
    private static boolean isImmutable(Path file) {
        return file.getFileName().toString().endsWith(".sst");
    }

    private static boolean link(Path file, Path link) {
        try {
            Files.createLink(link, file);
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return false; // another file system, or one without links: copied instead
        } catch (IOException e) {
            throw new UncheckedIOException("link " + file + " to " + link, e);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
