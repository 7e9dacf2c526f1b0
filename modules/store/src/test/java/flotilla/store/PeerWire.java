package flotilla.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A cable from one member to another: a TCP relay that can be cut, silently, and mended. */
final class PeerWire implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger holding = new AtomicInteger();
    private volatile boolean cut;
    private volatile @Nullable CountDownLatch hold;

    PeerWire(InetSocketAddress target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Nothing passes any more, and neither side is told. */
    void cut() {
        cut = true;
    }

    /**
     * What goes through stays on the way until {@link #letGo}, even if the cable is cut meanwhile.
     */
    void hold() {
        hold = new CountDownLatch(1);
    }

    /** How many connections have something on the way that is held. */
    int held() {
        return holding.get();
    }

    void letGo() {
        CountDownLatch released = hold;
        hold = null;
        if (released != null) {
            released.countDown();
        }
    }

    void mend() {
        cut = false;
        sockets.forEach(PeerWire::close);
        sockets.clear();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                sockets.add(near);
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket();
            sockets.add(far);
            far.connect(target, 1000);
            far.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> relay(near, far, true));
            relay(far, near, false);
        } catch (IOException e) {
            close(near);
        }
    }

    private void relay(Socket from, Socket to, boolean held) {
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!cut) {
                    if (held) {
                        awaitRelease();
                    }
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            close(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(to);
        }
    }

    private void awaitRelease() throws InterruptedException {
        CountDownLatch until = hold;
        if (until != null) {
            holding.incrementAndGet();
            until.await();
            holding.decrementAndGet();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("close a test socket", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        letGo();
        mend();
    }
}
