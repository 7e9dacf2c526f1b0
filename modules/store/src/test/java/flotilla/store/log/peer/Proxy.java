package flotilla.store.log.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stretch of the network between two members, which can be cut and can damage what it carries.
 */
final class Proxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicLong carried = new AtomicLong();
    private volatile long damageAt = Long.MAX_VALUE;

    Proxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Bytes towards the target so far. */
    long carried() {
        return carried.get();
    }

    /** Flips a bit of the byte that comes after so many more. */
    void damageAfter(long bytes) {
        damageAt = carried.get() + bytes;
    }

    /** Breaks all connections; new ones are let through. */
    void cut() {
        open.forEach(Proxy::closeQuietly);
        open.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(from);
                open.add(to);
                Thread.startVirtualThread(() -> carry(from, to, true));
                Thread.startVirtualThread(() -> carry(to, from, false));
            } catch (IOException gone) {
                // Nobody is behind it now: whoever dialled is cut off, and dials again.
                cut();
            }
        }
    }

    private void carry(Socket from, Socket to, boolean forth) {
        byte[] some = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                if (forth) {
                    long before = carried.getAndAdd(n);
                    if (damageAt >= before && damageAt < before + n) {
                        some[(int) (damageAt - before)] ^= 4;
                        damageAt = Long.MAX_VALUE;
                    }
                }
                out.write(some, 0, n);
            }
        } catch (IOException broken) {
            closeQuietly(from);
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("close a socket", e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
