package flotilla.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client's connection, TCP or unix, as two streams of which each wait has a limit, ends with an
 * interrupt, and ends when another thread closes the connection. Plain sockets of the JDK have that
 * only for TCP, and only for reading; here a selector waits for either.
 */
final class Wire implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final Duration silenceMax;
    private final InputStream in = new Incoming();
    private final OutputStream out = new Outgoing();

    private Wire(SocketChannel channel, Duration silenceMax) throws IOException {
        this.channel = channel;
        this.silenceMax = silenceMax;
        channel.configureBlocking(false);
        this.selector = Selector.open();
    }

    /**
     * @param connectMax for TCP; a unix socket answers at once, or when its listener does
     * @param silenceMax the longest wait for the other end to send something or to take it
     */
    static Wire connect(SocketAddress address, Duration connectMax, Duration silenceMax)
            throws IOException {
        boolean tcp = address instanceof InetSocketAddress;
        SocketChannel channel = tcp ? SocketChannel.open() : SocketChannel.open(address);
        try {
            Wire wire = new Wire(channel, silenceMax);
            if (tcp && !channel.connect(address)) {
                wire.finishConnect(connectMax);
            }
            return wire;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void finishConnect(Duration connectMax) throws IOException {
        long end = System.nanoTime() + connectMax.toNanos();
        while (!channel.finishConnect()) {
            if (!ready(SelectionKey.OP_CONNECT, end - System.nanoTime())) {
                throw new ConnectException("no connection in " + connectMax.toMillis() + " ms");
            }
        }
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** The same connection with TLS over it; blocks for the handshake. */
    SSLSocket tls(SSLContext context, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(asSocket(), host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** What the JDK's TLS asks of the socket below it. */
    private Socket asSocket() {
        return new Socket() {
            @Override
            public boolean isConnected() {
                return true;
            }

            @Override
            public InputStream getInputStream() {
                return in;
            }

            @Override
            public OutputStream getOutputStream() {
                return out;
            }

            @Override
            public synchronized void close() {
                Wire.this.close();
            }
        };
    }

    /** Whether the channel can be used so before the time is up. */
    private boolean ready(int operation, long waitNanos) throws IOException {
        try {
            channel.register(selector, operation);
            selector.select(Math.max(1, waitNanos / 1_000_000));
            boolean ready = !selector.selectedKeys().isEmpty();
            selector.selectedKeys().clear();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            return ready;
        } catch (ClosedSelectorException | ClosedChannelException e) {
            throw new IOException("the connection was closed here", e);
        }
    }

    private void await(int operation) throws IOException {
        if (!ready(operation, silenceMax.toNanos())) {
            throw new SocketTimeoutException("no answer in " + silenceMax.toMillis() + " ms");
        }
    }

    /** The selector first: closing it wakes the thread that waits. */
    @Override
    public void close() {
        try (channel) {
            selector.close();
        } catch (IOException e) {
            // Whoever waited is awake, and nothing more is asked of this connection.
            return;
        }
    }

    private final class Incoming extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            int count = read(buffer);
            while (count == 0 && length > 0) {
                await(SelectionKey.OP_READ);
                count = read(buffer);
            }
            return count;
        }

        private int read(ByteBuffer buffer) throws IOException {
            try {
                return channel.read(buffer);
            } catch (ClosedChannelException e) {
                throw new IOException("the connection was closed here", e);
            }
        }
    }

    private final class Outgoing extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        }
    }
}
