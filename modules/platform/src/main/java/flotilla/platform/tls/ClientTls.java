package flotilla.platform.tls;

import flotilla.platform.Clock;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * TLS on connections that are dialled. The server must prove that it is the host that was called;
 * files are read again when they change, for the connections made then.
 */
public final class ClientTls {
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    private final SslContext context;

    private ClientTls(SslContext context) {
        this.context = context;
    }

    /**
     * @param applications protocols over TLS (RFC 7301), the preferred first; empty: not negotiated
     * @throws IOException naming the file that can't be used, and what to do
     */
    public static ClientTls open(TlsOptions options, List<String> applications) throws IOException {
        return new ClientTls(
                new Contexts(options, applications, Clock.system(), Names.system()).client());
    }

    /**
     * @param host as it was called: the server's certificate must be for it
     */
    public SslHandler handler(Channel channel, String host, int port) {
        SslHandler handler = context.newHandler(channel.alloc(), host, port);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MAX.toMillis());
        return handler;
    }

    /** For who makes the handlers himself, as gRPC does. */
    public SslContext context() {
        return context;
    }
}
