package flotilla.fleet.gate;

import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import flotilla.platform.tls.ServerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsProtocol;
import flotilla.platform.tls.TlsProtocol.Version;
import flotilla.platform.tls.TlsRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one TCP port of fleet's, TLS 1.3 alone. Who shows a certificate of the cluster comes to the
 * API; who shows none to the desk where machines join and renew, and to nothing else; who shows one
 * of somebody else's, or was put out, not even through the handshake.
 */
public final class SecurePort implements AutoCloseable {
    /** The original's port for its API on TCP. */
    public static final int PORT = 49153;

    private static final Logger log = LoggerFactory.getLogger(SecurePort.class);

    private static final Set<String> DESK = Set.of("/v1/join", "/v1/renew");

    private static final TlsProtocol TLS_1_3 =
            new TlsProtocol(Version.TLS1_3, Version.TLS1_3, List.of());

    private final HttpServer server;

    private SecurePort(HttpServer server) {
        this.server = server;
    }

    /**
     * @param desk for who has no certificate
     * @param certified what answers who has a certificate
     * @throws IOException when the port can't be had, or a file not be used; the message names it
     */
    static SecurePort open(
            InetSocketAddress address, TlsFiles files, Handler desk, Handler certified)
            throws IOException {
        HttpServer server =
                HttpServer.listen(
                        address,
                        request ->
                                DESK.contains(request.path())
                                        ? desk.handle(request)
                                        : certified.handle(request),
                        HttpLimits.DEFAULT,
                        ServerTls.open(new TlsOptions(files, TlsRules.WANTED, TLS_1_3), List.of()));
        log.info("fleet's API is served to certificates on {}", server.address());
        return new SecurePort(server);
    }

    /** Where the port of a machine with this address is. */
    public static URI endpoint(String address) {
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return URI.create("https://" + host + ":" + PORT);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Cuts the connections of those whose certificate is such. */
    public void cut(Predicate<X509Certificate> whose) {
        server.cut(whose);
    }

    @Override
    public void close() {
        server.close();
    }
}
