package flotilla.cloudconfig.apply;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file or directory held open, never reached through a symbolic link in the last place. {@link
 * #path} leads to it and to nothing else, whatever is done meanwhile to the names that it was found
 * by (proc(5), /proc/pid/fd), so that all of {@link java.nio.file.Files} can be used relative to
 * it. The JDK's own SecureDirectoryStream makes no directories, and gives files away by name.
 */
final class Descriptor implements Closeable {
    private static final int O_WRONLY = 01;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;

    /** The kernel numbers these two otherwise on ARM (asm/fcntl.h). */
    private static final boolean ARM =
            System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("aarch64|arm.*");

    private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;

    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;

    private static final int PRIVATE = 0600;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO =
            STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN =
            LINKER.downcallHandle(
                    address("open"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(address("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(address("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    /** How the JDK writes paths, whose names these are. */
    private static final Charset CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final int number;

    private Descriptor(int number) {
        this.number = number;
    }

    /** The directory itself, whether or not it may be read: links before the last name count. */
    static Descriptor startingAt(Path directory) throws IOException {
        return open(directory.toRealPath(), O_PATH | O_DIRECTORY);
    }

    /**
     * A directory in this one.
     *
     * @throws NoSuchFileException if there is none
     * @throws NotDirectoryException if it is anything else, a link too
     */
    Descriptor directory(String name) throws IOException {
        return open(path().resolve(name), O_PATH | O_DIRECTORY);
    }

    /** A file in this directory, to be read; a pipe in its place does not block. */
    Descriptor file(String name) throws IOException {
        return open(path().resolve(name), O_NONBLOCK);
    }

    /** A new file in this directory, which only its owner may read. */
    Descriptor create(String name) throws IOException {
        return open(path().resolve(name), O_CREAT | O_EXCL | O_WRONLY);
    }

    /** Leads to what is held, for as long as it is, in this process. */
    Path path() {
        return Path.of("/proc/self/fd/" + number);
    }

    @Override
    public void close() {
        call(CLOSE, number);
    }

    private static Descriptor open(Path path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment name = arena.allocateFrom(path.toString(), CHARSET);
            int number = (int) call(OPEN, state, name, flags | O_NOFOLLOW | O_CLOEXEC, PRIVATE);
            if (number < 0) {
                throw failed(path.toString(), state.get(JAVA_INT, ERRNO));
            }
            return new Descriptor(number);
        }
    }

    private static IOException failed(String path, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path);
            case EEXIST -> new FileAlreadyExistsException(path);
            case ENOTDIR, ELOOP -> new NotDirectoryException(path);
            default -> new FileSystemException(path, null, words(errno));
        };
    }

    private static String words(int errno) {
        MemorySegment text = (MemorySegment) call(STRERROR, errno);
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a C call with " + arguments.length + " arguments", e);
        }
    }

    private static MemorySegment address(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    }
}
