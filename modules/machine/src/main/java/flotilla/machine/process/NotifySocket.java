package flotilla.machine.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagram socket of sd_notify(3), one for each start of a unit, in Linux' abstract name space
 * (so that no path can be too long). Messages are told on a thread of the socket's own.
 */
public final class NotifySocket implements AutoCloseable {
    /** A longer datagram is not heard, for what it says is cut; systemd takes 4 KiB. */
    public static final int MESSAGE_BYTES_MAX = 16 * 1024;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
    private static final int SHUT_RDWR = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_CREDENTIALS = 2;
    private static final int MSG_TRUNC = 0x20;

    private static final Logger log = LoggerFactory.getLogger(NotifySocket.class);

    private final String name;
    private final int descriptor;
    private boolean closed;

    /**
     * @param sender the process that sent it, as the kernel says; 0 when it does not
     * @param tooLong whether it was longer than {@link #MESSAGE_BYTES_MAX}; it has no lines then
     * @param lines such as {@code READY=1}
     */
    public record Message(long sender, boolean tooLong, List<String> lines) {
        public Message {
            lines = List.copyOf(lines);
        }
    }

    private NotifySocket(String name, int descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /**
     * @param name unique on this host, at most 100 ASCII characters
     * @param listener gets each message
     */
    public static NotifySocket open(String name, Consumer<Message> listener) throws IOException {
        int descriptor = Libc.call(Libc.SOCKET, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException("making the notify socket " + name + ": too many open files?");
        }
        NotifySocket socket = new NotifySocket(name, descriptor);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
            Libc.call(Libc.SETSOCKOPT, descriptor, SOL_SOCKET, SO_PASSCRED, on, 4);
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

    private void run(Consumer<Message> listener) {
        try (Arena arena = Arena.ofConfined()) {
            Envelope envelope = new Envelope(arena);
            while (true) {
                int size = Libc.call(Libc.RECVMSG, descriptor, envelope.open(), 0);
                synchronized (this) {
                    if (size < 0 || closed) {
                        break;
                    }
                }
                tell(listener, envelope.message(size));
            }
        }
        Libc.call(Libc.CLOSE, descriptor);
    }

    /** One message that can't be handled must not be the last that is heard. */
    private void tell(Consumer<Message> listener, Message message) {
        try {
            listener.accept(message);
        } catch (RuntimeException e) {
            log.error("a message to the notify socket @{} was not understood", name, e);
        }
    }

    /**
     * A struct msghdr as 64-bit Linux has it (recvmsg(2)), with room for one SCM_CREDENTIALS
     * (unix(7)): file descriptors that a sender adds find none, and are closed by the kernel.
     */
    private static final class Envelope {
        private static final long HEADER_BYTES = 56;
        private static final long CONTROL_BYTES = 32;
        private final MemorySegment header;
        private final MemorySegment control;
        private final MemorySegment buffer;

        Envelope(Arena arena) {
            buffer = arena.allocate(MESSAGE_BYTES_MAX);
            control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            MemorySegment vector = arena.allocate(2L * Long.BYTES, Long.BYTES);
            vector.set(ADDRESS, 0, buffer);
            vector.set(JAVA_LONG, 8, MESSAGE_BYTES_MAX);
            header = arena.allocate(HEADER_BYTES, Long.BYTES);
            header.set(ADDRESS, 16, vector);
            header.set(JAVA_LONG, 24, 1);
            header.set(ADDRESS, 32, control);
        }

        /** Ready to be filled again. */
        MemorySegment open() {
            control.fill((byte) 0);
            header.set(JAVA_LONG, 40, CONTROL_BYTES);
            return header;
        }

        Message message(int size) {
            boolean known =
                    control.get(JAVA_INT, 8) == SOL_SOCKET
                            && control.get(JAVA_INT, 12) == SCM_CREDENTIALS;
            byte[] bytes = new byte[size];
            MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, size);
            String text = new String(bytes, StandardCharsets.UTF_8);
            boolean tooLong = (header.get(JAVA_INT, 48) & MSG_TRUNC) != 0;
            return new Message(
                    known ? control.get(JAVA_INT, 16) : 0,
                    tooLong,
                    tooLong ? List.of() : text.lines().toList());
        }
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
