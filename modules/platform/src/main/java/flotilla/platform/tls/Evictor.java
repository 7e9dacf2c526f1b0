package flotilla.platform.tls;

import flotilla.platform.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose owner was put out after they came. Each connection is looked at now and
 * then on its own network thread, which costs as much as to look a word up.
 */
final class Evictor {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    /** How long one who was put out may still be heard, at most, and a second more. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Renewed<Set<String>> denied;

    /**
     * @param file identities, one a line; read again when it changes
     */
    Evictor(Path file) throws IOException {
        this.denied =
                Renewed.of(List.of(file), () -> CheckedTrust.identities(file), Clock.system());
    }

    /** From the end of the handshake on. */
    void watch(Channel channel, SslHandler tls) {
        Set<String> identities = identities(tls);
        if (identities.isEmpty()) {
            return;
        }
        Future<?> looking =
                channel.eventLoop()
                        .scheduleWithFixedDelay(
                                () -> look(channel, identities),
                                PAUSE.toMillis(),
                                PAUSE.toMillis(),
                                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> looking.cancel(false));
    }

    private void look(Channel channel, Set<String> identities) {
        if (!Collections.disjoint(denied.now(), identities)) {
            log.warn(
                    "closing the connection from {}: {} was put out",
                    channel.remoteAddress(),
                    identities);
            // At once: HTTP/2 would say goodbye first, and wait for who never answers.
            ChannelHandlerContext nearest = channel.pipeline().firstContext();
            var _ = nearest == null ? channel.close() : nearest.close();
        }
    }

    private static Set<String> identities(SslHandler tls) {
        try {
            return tls.engine().getSession().getPeerCertificates()[0]
                            instanceof X509Certificate shown
                    ? Subject.of(shown).uris()
                    : Set.of();
        } catch (SSLPeerUnverifiedException e) {
            return Set.of();
        }
    }
}
