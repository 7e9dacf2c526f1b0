package flotilla.platform.disk;

import java.io.IOException;
import java.util.List;

/**
 * Port: one directory of files, for a writer that must know what outlives a power cut. {@link
 * HostDirectory} is the machine's own; {@link SimulatedDisk} has ones that lose everything a real
 * disk may lose. Names are those of the files alone. All methods block.
 *
 * <p>The promise is the weakest that file systems keep (fsync(2), rename(2)): what is written is
 * there after a power cut if a {@link StoredFile#sync} of that file returned, and a name is, or is
 * gone, if {@link #sync} returned. Everything else may be lost in part and out of order.
 */
public interface Directory {
    /** Names of the files in it, in ascending order; directories are left out. */
    List<String> names() throws IOException;

    /** A new, empty file, which only its owner may read. Fails if the name is taken. */
    StoredFile create(String name) throws IOException;

    /** An existing file, to be read and written. */
    StoredFile open(String name) throws IOException;

    /** Gives a file another name, in one step; whatever had that name is gone. */
    void rename(String from, String to) throws IOException;

    /** Takes a file's name away. Who has it open may go on. */
    void delete(String name) throws IOException;

    /** Makes the names as they are now durable. */
    void sync() throws IOException;

    /** The file's place as a person should read it. */
    String place(String name);
}
