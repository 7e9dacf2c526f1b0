package flotilla.machine.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * The datagram socket of sd_notify(3), one for each start of a unit, in Linux' abstract name space
 * (so that no path can be too long). Messages are told on a thread of the socket's own.
 */
public final class NotifySocket implements AutoCloseable {
    /** Longer datagrams are cut; sd_notify's are a few hundred bytes. */
    private static final int MESSAGE_BYTES_MAX = 16 * 1024;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
    private static final int SHUT_RDWR = 2;

    private final String name;
    private final int descriptor;
    private boolean closed;

    private NotifySocket(String name, int descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /**
     * @param name unique on this host, at most 100 ASCII characters
     * @param listener gets the lines of each message, such as {@code READY=1}
     */
    public static NotifySocket open(String name, Consumer<List<String>> listener)
            throws IOException {
        int descriptor = Libc.call(Libc.SOCKET, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException("making the notify socket " + name + ": too many open files?");
        }
        NotifySocket socket = new NotifySocket(name, descriptor);
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment address = arena.allocate(110);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 3, bytes.length);
            if (Libc.call(Libc.BIND, descriptor, address, 3 + bytes.length) < 0) {
                Libc.call(Libc.CLOSE, descriptor);
                throw new IOException("binding the notify socket @" + name + ": in use?");
            }
        }
        Thread.ofPlatform().daemon().name("notify " + name).start(() -> socket.run(listener));
        return socket;
    }

    /** What NOTIFY_SOCKET must be. */
    public String address() {
        return "@" + name;
    }

    private void run(Consumer<List<String>> listener) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MESSAGE_BYTES_MAX);
            while (true) {
                int size = Libc.call(Libc.RECV, descriptor, buffer, (long) MESSAGE_BYTES_MAX, 0);
                synchronized (this) {
                    if (size < 0 || closed) {
                        break;
                    }
                }
                byte[] message = new byte[size];
                MemorySegment.copy(buffer, JAVA_BYTE, 0, message, 0, size);
                listener.accept(new String(message, StandardCharsets.UTF_8).lines().toList());
            }
        }
        Libc.call(Libc.CLOSE, descriptor);
    }

    /** Wakes the reader, which closes the socket: so its number can't be another's by then. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.call(Libc.SHUTDOWN, descriptor, SHUT_RDWR);
        }
    }
}
