package flotilla.platform.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A context whose new connections use the newest files. Each state of the files has a context of
 * its own, and with it its own sessions: none that was begun with a certificate since revoked is
 * taken up again.
 */
final class RenewedContext extends SslContext {
    private final Renewed<SslContext> newest;

    RenewedContext(Renewed<SslContext> newest) {
        this.newest = newest;
    }

    @Override
    public boolean isClient() {
        return newest.now().isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return newest.now().cipherSuites();
    }

    /** Netty's base class asks for it, and the successor it promises is not there yet. */
    @Override
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return newest.now().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return newest.now().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return newest.now().newEngine(allocator, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return newest.now().sessionContext();
    }
}
