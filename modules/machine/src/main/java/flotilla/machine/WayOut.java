package flotilla.machine;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * The address that this host goes out by, which is where others reach it as long as nobody says.
 */
public final class WayOut {
    /** Of the documentation's network (RFC 5737): the way there is asked for, nothing is sent. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    /** Bridges that lead to what runs on this host, and to nobody else, by their usual names. */
    private static final Pattern INWARD = Pattern.compile("(docker|podman|cni|virbr|lxcbr|br-).*");

    private WayOut() {}

    /**
     * Of a host that has no way out, its first address on a network, and on one of its own only
     * when there is no other; empty when it has none at all.
     */
    public static String address() {
        String out = wayOut();
        return out.isEmpty() ? onANetwork() : out;
    }

    private static String onANetwork() {
        try {
            return NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparing(card -> INWARD.matcher(card.getName()).matches()))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .filter(address -> !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("");
        } catch (SocketException e) {
            return "";
        }
    }

    private static String wayOut() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress address = socket.getLocalAddress();
            return address.isAnyLocalAddress() ? "" : address.getHostAddress();
        } catch (SocketException | UncheckedIOException e) {
            return "";
        }
    }
}
