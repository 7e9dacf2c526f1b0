package flotilla.store.disk;

import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Port: the steps on which it depends what a power cut leaves of a shelf. Between them files are
 * written and linked; whatever of that no {@link #sync} has seen may be lost in part.
 */
interface ShelfDisk {
    /** Makes a file's contents, or a directory's names, durable. */
    void sync(Path path) throws IOException;

    /** Gives a directory another name, in one step. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a directory with all that is in it, if it is there. */
    void delete(Path tree) throws IOException;

    /** The machine's own. */
    ShelfDisk HOST =
            new ShelfDisk() {
                @Override
                public void sync(Path path) throws IOException {
                    Disk.sync(path);
                }

                @Override
                public void move(Path from, Path to) throws IOException {
                    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                }

                @Override
                public void delete(Path tree) throws IOException {
                    Disk.deleteTree(tree);
                }
            };
}
