package flotilla.platform.notify;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** The JDK has no datagrams on unix sockets, and takes a socket it is handed at number 0 alone. */
final class Libc {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Of a struct sockaddr_un (unix(7)), in bytes; two of them say the family. */
    private static final int ADDRESS_BYTES = 110;

    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle SOCKET =
            handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDTO =
            handle("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle DUP2 = handle("dup2", JAVA_INT, JAVA_INT, JAVA_INT);

    private Libc() {}

    /**
     * Sends one datagram; does not wait for whoever reads it, but for room in its queue.
     *
     * @param address a path, or a name of the abstract name space behind {@code @}
     */
    static void send(String address, String message) throws IOException {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > ADDRESS_BYTES - 3) {
            throw new IOException(address + " is no address of a unix socket");
        }
        boolean isAbstract = name[0] == '@';
        int socket = (int) call(SOCKET, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw new IOException("no socket is to be had: too many open files?");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS_BYTES, Long.BYTES);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, 2, name.length);
            if (isAbstract) {
                to.set(JAVA_BYTE, 2, (byte) 0);
            }
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            int length = 2 + name.length + (isAbstract ? 0 : 1);
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, bytes);
            if (call(SENDTO, socket, text, (long) bytes.length, MSG_NOSIGNAL, to, length) < 0) {
                throw new IOException("nobody listens at " + address);
            }
        } finally {
            call(CLOSE, socket);
        }
    }

    /** Makes a descriptor known under another number, whose own is closed. */
    static void duplicate(int descriptor, int as) throws IOException {
        if (call(DUP2, descriptor, as) < 0) {
            throw new IOException("descriptor " + descriptor + " is not open");
        }
    }

    private static long call(MethodHandle function, Object... arguments) {
        try {
            return ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) {
            throw new IllegalStateException("a C call with " + arguments.length + " arguments", e);
        }
    }

    private static MethodHandle handle(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () -> new IllegalStateException("the C library has no " + name)),
                FunctionDescriptor.of(result, arguments));
    }
}
