package flotilla.machine;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/**
 * The address that this host goes out by, which is where others reach it as long as nobody says.
 */
public final class WayOut {
    /** Of the documentation's network (RFC 5737): the way there is asked for, nothing is sent. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private WayOut() {}

    /** Empty when there is no way out. */
    public static String address() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress address = socket.getLocalAddress();
            return address.isAnyLocalAddress() ? "" : address.getHostAddress();
        } catch (SocketException | UncheckedIOException e) {
            return "";
        }
    }
}
