package flotilla.conformance.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * TCP ports of a loopback address that nobody listens on just now. They lie below the range that
 * outgoing connections draw from: else a client that redials a dead server may get the server's own
 * port, and the server cannot come back to it.
 */
final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 31_999;

    /** Ports tried for each one wanted. */
    private static final int TRIES = 200;

    private FreePorts() {}

    /** Takes them all at once, so that they differ; another process may still be faster. */
    static List<Integer> take(int count, String address) {
        Set<Integer> found = new LinkedHashSet<>();
        for (int i = 0; i < count * TRIES && found.size() < count; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (isFree(port, address)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IllegalStateException("no " + count + " free ports on " + address);
        }
        return List.copyOf(found);
    }

    private static boolean isFree(int port, String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
