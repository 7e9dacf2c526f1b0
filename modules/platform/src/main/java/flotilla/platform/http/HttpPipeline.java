package flotilla.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves HTTP/1.1 on connections that others accept: {@link HttpServer}'s own, and those on a port
 * where other protocols are spoken too. Every door stands on this one, so what is refused at one is
 * refused at all.
 */
public final class HttpPipeline implements AutoCloseable {
    /** Longest request line, in bytes: longer is answered 414. */
    static final int LINE_MAX_BYTES = 16 * 1024;

    /** All headers of one request together, in bytes: more is answered 431. */
    static final int HEADERS_MAX_BYTES = 32 * 1024;

    /** A connection on which nothing has happened for so long, and nothing is asked, is closed. */
    private static final Duration IDLE_MAX = Duration.ofMinutes(5);

    /** How long {@link #close} waits for the requests that run. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(HttpPipeline.class);

    private final Handler handler;
    private final HttpLimits limits;
    private final BodyBudget budget;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /**
     * @param handler each request runs on a virtual thread of its own, the requests of one
     *     connection one after another
     */
    public HttpPipeline(Handler handler, HttpLimits limits) {
        this(handler, limits, new BodyBudget(limits.bodiesBytes()));
    }

    /** As above, with a budget from which other protocols at the same door take too. */
    public HttpPipeline(Handler handler, HttpLimits limits, BodyBudget budget) {
        this.handler = handler;
        this.limits = limits;
        this.budget = budget;
    }

    Handler handler() {
        return handler;
    }

    public HttpLimits limits() {
        return limits;
    }

    BodyBudget budget() {
        return budget;
    }

    ExecutorService handlers() {
        return handlers;
    }

    /** Adds what serves HTTP/1.1 to the end of an accepted connection's pipeline. */
    public void install(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        connections.add(channel);
        Patience patience = new Patience();
        pipeline.addLast(new IdleStateHandler(0, 0, IDLE_MAX.toSeconds(), TimeUnit.SECONDS))
                .addLast(patience)
                .addLast(new RequestDecoder())
                .addLast(new HeadOnly.Encoder())
                .addLast(new Connection(this, patience));
    }

    /** Cuts the connections of those whose certificate is such, whatever they are about. */
    void cut(Predicate<X509Certificate> whose) {
        connections.stream()
                .filter(channel -> PeerCertificate.of(channel).filter(whose).isPresent())
                .forEach(channel -> {
                    var _ = channel.close();
                });
    }

    /**
     * Tells streams at once, by {@link Response.Sink#closed}; waits up to five seconds for the
     * requests that run, then cuts them. Connections accepted later are closed.
     */
    @Override
    public void close() {
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Closing.NOW));
        handlers.shutdown();
        try {
            if (!handlers.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("closing: cutting HTTP requests that still run");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.close().awaitUninterruptibly();
        handlers.shutdownNow();
    }

    /** Tells each connection that the server closes. */
    enum Closing {
        NOW
    }
}
