package flotilla.machine.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import flotilla.machine.process.Spawner.Output;
import flotilla.machine.process.Spawner.SpawnException;
import flotilla.machine.service.Exit;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a process that is about to be started writes to, opened by us. systemd has the child open
 * it, where it may wait for the reader of a pipe for ever; posix_spawn(3) would have us wait too.
 *
 * @param writing the descriptor for the process
 * @param reading the other end of a pipe, or -1
 */
record Outlet(int writing, int reading) {
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_NOCTTY = 0400;
    private static final int O_TRUNC = 01000;
    private static final int O_APPEND = 02000;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int F_SETFL = 4;

    /** Of a file that is made, as systemd.exec(5) has it. */
    private static final int MODE = 0644;

    static Outlet open(Arena arena, Output output) throws SpawnException {
        return switch (output) {
            case Output.Pipe() -> pipe(arena);
            case Output.ToFile(Path file, Output.Place place) -> file(arena, file, place);
        };
    }

    private static Outlet pipe(Arena arena) throws SpawnException {
        MemorySegment ends = arena.allocate(JAVA_INT, 2);
        if (Libc.call(Libc.PIPE2, ends, O_CLOEXEC) != 0) {
            throw new SpawnException(
                    Exit.STDOUT, "no pipe for a program's output is left: too many open files");
        }
        return new Outlet(ends.getAtIndex(JAVA_INT, 1), ends.getAtIndex(JAVA_INT, 0));
    }

    private static Outlet file(Arena arena, Path file, Output.Place place) throws SpawnException {
        int flag =
                switch (place) {
                    case BEGINNING -> 0;
                    case END -> O_APPEND;
                    case INSTEAD -> O_TRUNC;
                };
        int flags = O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC | flag;
        int descriptor =
                Libc.call(Libc.OPEN, arena.allocateFrom(file.toString()), flags | O_NONBLOCK, MODE);
        if (descriptor < 0) {
            throw new SpawnException(
                    Exit.STDOUT, "Failed to set up standard output " + file + ": " + why(file));
        }
        // The program waits for a reader that is slow, as it expects to.
        Libc.call(Libc.FCNTL, descriptor, F_SETFL, flag & O_APPEND);
        return new Outlet(descriptor, -1);
    }

    private static String why(Path file) {
        Path directory = file.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            return "there is no directory " + directory;
        }
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && Files.isWritable(file)) {
            return "nobody reads it; a pipe needs its reader first, a socket can't be used";
        }
        return "it can't be written";
    }

    /**
     * Closes our copy of what the process got.
     *
     * @param started whether there is a process that writes
     * @return what it writes, if that goes to a pipe
     */
    @Nullable InputStream close(boolean started) throws SpawnException {
        try {
            return started && reading >= 0 ? new FileInputStream("/proc/self/fd/" + reading) : null;
        } catch (IOException e) {
            throw new SpawnException(Exit.STDOUT, "opening the output pipe: " + e.getMessage());
        } finally {
            Libc.call(Libc.CLOSE, writing);
            if (reading >= 0) {
                Libc.call(Libc.CLOSE, reading);
            }
        }
    }
}
