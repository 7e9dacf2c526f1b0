package flotilla.store.log.peer;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;

/** Where a peer URL leads. */
record Address(boolean encrypted, String host, int port) {
    /** etcd's for members. */
    private static final int DEFAULT_PORT = 2380;

    /**
     * @throws IOException if it is no peer URL
     */
    static Address of(String url) throws IOException {
        try {
            URI uri = URI.create(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean https = scheme.equals("https");
            if (uri.getHost() != null && (https || scheme.equals("http"))) {
                String host = uri.getHost().replaceAll("^\\[|]$", "");
                return new Address(https, host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the peer URL " + url + " can't be read", e);
        }
        throw new IOException(
                "the peer URL " + url + " is not http://HOST:PORT or https://HOST:PORT");
    }

    /** Whether nobody must be asked where it is. */
    boolean isNumeric() {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Asks the system's resolver, and waits for it, unless it is numeric. */
    InetSocketAddress resolve() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }
}
