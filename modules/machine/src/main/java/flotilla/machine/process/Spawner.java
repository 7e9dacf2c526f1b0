package flotilla.machine.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import flotilla.machine.service.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Starts and reaps processes with posix_spawn(3): each in a session of its own, with no other open
 * files than the three standard ones, all signals as they are by default. Where setpriv(1) exists,
 * a process is killed by the kernel when its parent dies. The kernel means the parent's
 * <em>thread</em> (PR_SET_PDEATHSIG in prctl(2)), so {@link #spawn} must only be called from one
 * thread that lives as long as the machine does.
 */
public final class Spawner {
    /** Where a program without a slash is looked for (systemd.exec(5), "default search path"). */
    public static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Size for posix_spawnattr_t and the others; glibc's largest is 336 bytes. */
    private static final long STRUCT_BYTES = 1024;

    /** Of one argument or variable: Linux' MAX_ARG_STRLEN (execve(2)) without the final NUL. */
    static final int STRING_BYTES_MAX = 128 * 1024 - 1;

    /** So much is shown of a string that is too long. */
    private static final int BEGINNING_CHARS = 40;

    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;
    private static final int O_RDONLY = 0;
    private static final int WNOHANG = 1;
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    private final Optional<Path> setpriv = find("setpriv");

    /**
     * @param umask octal digits, null to keep ours
     * @param identity to become, null to stay who we are
     */
    public record Command(
            List<String> arguments,
            String argv0,
            Map<String, String> environment,
            Path directory,
            Output output,
            @Nullable String umask,
            @Nullable Identity identity) {
        public Command {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /** A user and a group, each by name or number; the user's other groups come along. */
    public record Identity(String user, String group) {}

    /** Where standard output and error go. */
    public sealed interface Output {
        /** To a pipe, read from {@link Spawned#output}. */
        record Pipe() implements Output {}

        /** To a file, which is made if missing. */
        record ToFile(Path file, Place place) implements Output {}

        /** Where in a file that has something in it. */
        enum Place {
            BEGINNING,
            END,
            INSTEAD
        }
    }

    /** A process just started; output is null unless it goes to a pipe. */
    public record Spawned(long pid, @Nullable InputStream output) {}

    /** Why nothing was started, with the exit code that systemd gives for it. */
    public static final class SpawnException extends IOException {
        private static final long serialVersionUID = 1;
        private final int exitCode;

        SpawnException(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    /**
     * Makes this process the parent of daemons whose own parent has ended, so that they can be
     * waited for.
     */
    public static void adoptOrphans() {
        Libc.call(Libc.PRCTL, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    }

    /** A program by its path, or by its name on {@link #PATH}. */
    public static Optional<Path> find(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        for (String directory : PATH.split(":")) {
            Path file = Path.of(directory, program);
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    public Spawned spawn(Command command) throws SpawnException {
        Path program =
                find(command.arguments.getFirst())
                        .filter(Files::isRegularFile)
                        .orElseThrow(() ->
                                new SpawnException(
                                        Exit.EXEC,
                                        "Failed to execute "
                                                + command.arguments.getFirst()
                                                + ": no such executable file"));
        if (!Files.isDirectory(command.directory)) {
            throw new SpawnException(
                    Exit.CHDIR, "Changing to the directory " + command.directory + " failed");
        }
        List<String> line = wrapped(command, program);
        try (Arena arena = Arena.ofConfined()) {
            return spawn(arena, command, line);
        }
    }

    private Spawned spawn(Arena arena, Command command, List<String> line) throws SpawnException {
        List<String> environment = new ArrayList<>();
        command.environment.forEach((name, value) -> environment.add(name + "=" + value));
        MemorySegment arguments = strings(arena, line);
        MemorySegment variables = strings(arena, environment);
        Outlet outlet = Outlet.open(arena, command.output);
        MemorySegment attributes = attributes(arena);
        MemorySegment files = arena.allocate(STRUCT_BYTES);
        Libc.call(Libc.FILES_INIT, files);
        Libc.call(Libc.FILES_OPEN, files, 0, arena.allocateFrom("/dev/null"), O_RDONLY, 0);
        Libc.call(Libc.FILES_DUP2, files, outlet.writing(), 1);
        Libc.call(Libc.FILES_DUP2, files, 1, 2);
        Libc.call(Libc.FILES_CHDIR, files, arena.allocateFrom(command.directory.toString()));
        Libc.call(Libc.FILES_CLOSEFROM, files, 3);
        MemorySegment pid = arena.allocate(JAVA_INT);
        String program = line.getFirst();
        int error =
                Libc.call(
                        Libc.SPAWN,
                        pid,
                        arena.allocateFrom(program),
                        files,
                        attributes,
                        arguments,
                        variables);
        Libc.call(Libc.FILES_DESTROY, files);
        Libc.call(Libc.ATTR_DESTROY, attributes);
        InputStream output = outlet.close(error == 0);
        if (error != 0) {
            throw new SpawnException(Exit.EXEC, "Failed to execute " + program + ": " + why(error));
        }
        return new Spawned(pid.get(JAVA_INT, 0), output);
    }

    /** What a person can do something about; errno(3) has the others. */
    private static String why(int error) {
        return switch (error) {
            case 7 -> "its arguments and environment together are too long";
            case 11 -> "there are too many processes (ulimit -u)";
            case 12 -> "there is not enough memory";
            default -> "errno " + error;
        };
    }

    private static MemorySegment attributes(Arena arena) {
        MemorySegment attributes = arena.allocate(STRUCT_BYTES);
        MemorySegment signals = arena.allocate(STRUCT_BYTES);
        Libc.call(Libc.ATTR_INIT, attributes);
        Libc.call(Libc.ATTR_FLAGS, attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID));
        Libc.call(Libc.SIGEMPTYSET, signals);
        Libc.call(Libc.ATTR_MASK, attributes, signals);
        Libc.call(Libc.SIGFILLSET, signals);
        Libc.call(Libc.ATTR_DEFAULT, attributes, signals);
        return attributes;
    }

    /** The command behind the programs that set what posix_spawn can't. */
    private List<String> wrapped(Command command, Path program) throws SpawnException {
        List<String> line = new ArrayList<>();
        Identity identity = command.identity;
        if (identity != null && setpriv.isEmpty()) {
            throw new SpawnException(
                    Exit.USER,
                    "User=" + identity.user + " needs setpriv(1), which is not installed");
        }
        if (setpriv.isPresent()) {
            line.add(setpriv.get().toString());
            if (identity != null) {
                line.addAll(List.of("--reuid", identity.user, "--regid", identity.group));
                line.add("--init-groups");
            }
            line.addAll(List.of("--pdeathsig", "KILL", "--"));
        }
        if (command.umask != null) {
            line.addAll(List.of("/bin/sh", "-c", "umask \"$0\" && exec \"$@\"", command.umask));
        }
        boolean renamed = !command.argv0.equals(command.arguments.getFirst());
        Optional<Path> bash = renamed ? find("bash") : Optional.empty();
        if (bash.isPresent()) {
            String script = "exec -a \"$0\" \"$@\"";
            line.addAll(List.of(bash.get().toString(), "-c", script, command.argv0));
        }
        line.add(program.toString());
        line.addAll(command.arguments.subList(1, command.arguments.size()));
        return line;
    }

    private static MemorySegment strings(Arena arena, List<String> strings) throws SpawnException {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            byte[] bytes = strings.get(i).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > STRING_BYTES_MAX) {
                throw new SpawnException(
                        Exit.EXEC,
                        "An argument or variable that begins with %s is %,d bytes long; %,d is the most"
                                .formatted(
                                        beginning(strings.get(i)), bytes.length, STRING_BYTES_MAX));
            }
            MemorySegment string = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
            array.setAtIndex(ADDRESS, i, string);
        }
        return array;
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), BEGINNING_CHARS));
    }

    /** Sends a signal; a process that is gone is no error. */
    public static void kill(long pid, int signal) {
        if (pid > 1) {
            Libc.call(Libc.KILL, Math.toIntExact(pid), signal);
        }
    }

    /** Takes the status of a child that has ended; empty if it has not, or was no child. */
    public static OptionalInt reap(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            int reaped = Libc.call(Libc.WAITPID, Math.toIntExact(pid), status, WNOHANG);
            return reaped == pid ? OptionalInt.of(status.get(JAVA_INT, 0)) : OptionalInt.empty();
        }
    }
}
