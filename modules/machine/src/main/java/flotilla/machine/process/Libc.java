package flotilla.machine.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the C library that the JDK has no way to. Needs glibc 2.34 (2021) for
 * posix_spawn_file_actions_addclosefrom_np.
 */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle KILL = handle("kill", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle WAITPID = handle("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle PIPE2 = handle("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    static final MethodHandle OPEN = variadic("open", 2, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle PRCTL =
            variadic("prctl", 1, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle BIND = handle("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle RECVMSG = handle("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SHUTDOWN = handle("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);

    static final MethodHandle SPAWN =
            handle("posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle ATTR_INIT = handle("posix_spawnattr_init", JAVA_INT, ADDRESS);
    static final MethodHandle ATTR_DESTROY = handle("posix_spawnattr_destroy", JAVA_INT, ADDRESS);
    static final MethodHandle ATTR_FLAGS =
            handle("posix_spawnattr_setflags", JAVA_INT, ADDRESS, JAVA_SHORT);
    static final MethodHandle ATTR_MASK =
            handle("posix_spawnattr_setsigmask", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle ATTR_DEFAULT =
            handle("posix_spawnattr_setsigdefault", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle SIGFILLSET = handle("sigfillset", JAVA_INT, ADDRESS);
    static final MethodHandle SIGEMPTYSET = handle("sigemptyset", JAVA_INT, ADDRESS);
    static final MethodHandle FILES_INIT =
            handle("posix_spawn_file_actions_init", JAVA_INT, ADDRESS);
    static final MethodHandle FILES_DESTROY =
            handle("posix_spawn_file_actions_destroy", JAVA_INT, ADDRESS);
    static final MethodHandle FILES_OPEN =
            handle(
                    "posix_spawn_file_actions_addopen",
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT);
    static final MethodHandle FILES_DUP2 =
            handle("posix_spawn_file_actions_adddup2", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle FILES_CHDIR =
            handle("posix_spawn_file_actions_addchdir_np", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle FILES_CLOSEFROM =
            handle("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT);

    private Libc() {}

    /** Calls a function whose result and arguments are ints and pointers. */
    static int call(MethodHandle function, Object... arguments) {
        try {
            Object result = function.invokeWithArguments(arguments);
            return result instanceof Long size ? Math.toIntExact(size) : (int) result;
        } catch (Throwable e) {
            throw new IllegalStateException("a C call with " + arguments.length + " arguments", e);
        }
    }

    private static MethodHandle handle(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(address(name), FunctionDescriptor.of(result, arguments));
    }

    /**
     * @param fixed how many arguments come before the {@code ...} of its declaration
     */
    private static MethodHandle variadic(String name, int fixed, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                address(name),
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MemorySegment address(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the C library has no "
                                        + name
                                        + ": the embedded init needs glibc 2.34 or newer"));
    }
}
