package flotilla.platform.tls;

import flotilla.platform.Clock;
import flotilla.platform.metrics.Metrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * TLS at a port that listens. Who fails the handshake is closed, counted and logged with the
 * reason; files are read again when they change, for the connections that come then. Who is denied
 * by name ({@link TlsFiles#denied}) also loses the connections that are open.
 *
 * <p>Handshakes sign, verify and may ask the name service: they do so on threads of their own, and
 * network threads go on.
 */
public final class ServerTls {
    /** From the first byte to the end of the handshake. */
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    /** Handshakes at work at once in this process; more wait, each {@link #HANDSHAKE_MAX}. */
    private static final int THREADS_MAX = 8;

    /** A thread without work ends after this. */
    private static final long IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor HANDSHAKES = handshakes();

    private final SslContext context;
    private final Refusals refusals = new Refusals(Clock.system());

    private final @Nullable Evictor evictor;

    private ServerTls(SslContext context, @Nullable Evictor evictor) {
        this.context = context;
        this.evictor = evictor;
    }

    /**
     * @param applications protocols over TLS (RFC 7301), the preferred first; empty: not negotiated
     * @throws IOException naming the file that can't be used, and what to do
     */
    public static ServerTls open(TlsOptions options, List<String> applications) throws IOException {
        Optional<Path> denied = options.files().denied();
        return new ServerTls(
                new Contexts(options, applications, Clock.system(), Names.system()).server(),
                denied.isPresent() ? new Evictor(denied.get()) : null);
    }

    private static ThreadPoolExecutor handshakes() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("tls-handshake-", 0).factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** To stand first in an accepted connection's pipeline; also tells who speaks plainly so. */
    public ChannelHandler gate() {
        return new FirstRecord(this);
    }

    /** As {@link #gate}, where nobody is expected who speaks plainly. */
    public SslHandler handler(Channel channel) {
        SslHandler handler = handler(channel.alloc(), channel.remoteAddress());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MAX.toMillis());
        handler.handshakeFuture()
                .addListener(future -> {
                    Throwable failure = future.cause();
                    if (failure != null) {
                        refused(channel, Refusals.reason(failure));
                    } else if (evictor != null) {
                        evictor.watch(channel, handler);
                    }
                });
        return handler;
    }

    private SslHandler handler(ByteBufAllocator allocator, @Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress from
                ? context.newHandler(
                        allocator, from.getAddress().getHostAddress(), from.getPort(), HANDSHAKES)
                : context.newHandler(allocator, HANDSHAKES);
    }

    void refused(Channel channel, String reason) {
        refusals.tell(channel.remoteAddress(), reason);
    }

    /** Shows how many were refused. */
    public void show(Metrics metrics) {
        refusals.show(metrics);
    }
}
