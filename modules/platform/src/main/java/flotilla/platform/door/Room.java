package flotilla.platform.door;

import flotilla.platform.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many connections a door of this process has room for: by its heap and its open files. */
final class Room {
    /** What a connection that waits takes of the heap, in bytes: 6 to 8.5 KB were measured. */
    static final int CONNECTION_BYTES = 8 * 1024;

    /** Doors of one process, at most, that share its heap and files: etcd's and fleet's. */
    static final int DOORS = 2;

    /** Files that are not connections: of the store, the log, the JVM (etcd reserves 150). */
    static final int FILES_RESERVED = 400;

    /** However little there is, in connections. */
    static final int LEAST = 16;

    /** More than this is no use to anybody here, in connections. */
    static final int MOST = 20_000;

    private static final Path PROCESS_LIMITS = Path.of("/proc/self/limits");

    private static final Pattern OPEN_FILES =
            Pattern.compile("^Max open files +(\\d+) ", Pattern.MULTILINE);

    private Room() {}

    static int ofThisJvm() {
        return connections(
                MemoryBudget.ofThisJvm().bytes(MemoryBudget.Share.CONNECTIONS), openFilesMax());
    }

    static int connections(long heapBytes, long filesMax) {
        long byHeap = heapBytes / CONNECTION_BYTES / DOORS;
        long byFiles = Math.max((filesMax - FILES_RESERVED) / DOORS, filesMax / 4);
        return Math.clamp(Math.min(byHeap, byFiles), LEAST, MOST);
    }

    /** {@code ulimit -n}; without end where Linux doesn't say. */
    private static long openFilesMax() {
        try {
            Matcher line = OPEN_FILES.matcher(Files.readString(PROCESS_LIMITS));
            return line.find() ? Long.parseLong(line.group(1)) : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
