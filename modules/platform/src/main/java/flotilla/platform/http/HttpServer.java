package flotilla.platform.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server on one TCP address or one unix socket, until closed. Connections are kept
 * alive; each request runs on a virtual thread of its own, the requests of one connection one after
 * another. A unix socket's file is open to its owner alone (0600).
 */
public final class HttpServer implements AutoCloseable {
    /** Longest request line, in bytes: longer is answered 414. */
    static final int LINE_MAX_BYTES = 16 * 1024;

    /** All headers of one request together, in bytes: more is answered 431. */
    static final int HEADERS_MAX_BYTES = 32 * 1024;

    /** How long {@link #close} waits for the requests that run. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** A connection on which nothing has happened for so long, and nothing is asked, is closed. */
    private static final Duration IDLE_MAX = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    private final EventLoopGroup loops;
    private final ExecutorService handlers;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Limits limits;
    private final @Nullable SocketFile socketFile;
    private final Channel listening;
    private final SocketAddress address;

    /**
     * What the server bears.
     *
     * @param bodyBytes the longest request body: longer is answered 413
     * @param connections open at once; one more is closed at once
     */
    public record Limits(int bodyBytes, int connections) {
        /** Bodies of 4 MiB, 4,096 connections. */
        public static final Limits DEFAULT = new Limits(4 * 1024 * 1024, 4096);

        public Limits {
            if (bodyBytes < 0 || connections < 1) {
                throw new IllegalArgumentException("no server can keep these limits");
            }
        }
    }

    private HttpServer(SocketAddress wanted, Handler handler, Limits limits) throws IOException {
        this.limits = limits;
        this.handlers = Executors.newVirtualThreadPerTaskExecutor();
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
        boolean bound = false;
        try {
            if (wanted instanceof UnixDomainSocketAddress unix) {
                this.socketFile = SocketFile.claim(unix.getPath());
                this.listening =
                        bind(NioServerDomainSocketChannel.class, socketFile.bindTo(), handler);
                socketFile.publish();
                this.address = unix;
            } else {
                this.socketFile = null;
                this.listening = bind(NioServerSocketChannel.class, wanted, handler);
                this.address = listening.localAddress();
            }
            bound = true;
        } finally {
            if (!bound) {
                handlers.close();
                shutDownLoops();
            }
        }
    }

    /**
     * Listens until closed; port 0 takes a free one.
     *
     * @throws IOException when the address can't be had; the message names it. A unix socket file
     *     that nobody listens on any more is replaced, one that is in use is not.
     */
    public static HttpServer listen(SocketAddress address, Handler handler) throws IOException {
        return listen(address, handler, Limits.DEFAULT);
    }

    /** As {@link #listen(SocketAddress, Handler)}, with limits of the caller's. */
    public static HttpServer listen(SocketAddress address, Handler handler, Limits limits)
            throws IOException {
        return new HttpServer(address, handler, limits);
    }

    /** Where it listens, with the port that it really has. */
    public SocketAddress address() {
        return address;
    }

    /** The TCP port it listens on, -1 on a unix socket. */
    public int port() {
        return address instanceof InetSocketAddress tcp ? tcp.getPort() : -1;
    }

    /**
     * Stops listening, waits up to five seconds for the requests that run, then cuts them. Streams
     * are told at once, by {@link Response.Sink#closed}. Closing again does nothing.
     */
    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Closing.NOW));
        handlers.shutdown();
        try {
            if (!handlers.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("closing {}: cutting requests that still run", address);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.close().awaitUninterruptibly();
        handlers.shutdownNow();
        shutDownLoops();
        if (socketFile != null) {
            socketFile.remove();
        }
    }

    private Channel bind(
            Class<? extends ServerChannel> type, SocketAddress address, Handler handler)
            throws IOException {
        var binding =
                new ServerBootstrap()
                        .group(loops)
                        .channel(type)
                        .childHandler(connection(handler))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "can't listen on " + address + ": " + binding.cause().getMessage(),
                    binding.cause());
        }
        return binding.channel();
    }

    private ChannelInitializer<Channel> connection(Handler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (connections.size() >= limits.connections()) {
                    log.warn(
                            "{} has {} connections: one more refused", address, connections.size());
                    var _ = channel.close();
                    return;
                }
                connections.add(channel);
                channel.pipeline()
                        .addLast(new IdleStateHandler(0, 0, IDLE_MAX.toSeconds(), TimeUnit.SECONDS))
                        .addLast(new HttpServerCodec(LINE_MAX_BYTES, HEADERS_MAX_BYTES, 8192))
                        .addLast(new HttpObjectAggregator(limits.bodyBytes(), true))
                        .addLast(new Connection(handler, handlers));
            }
        };
    }

    private void shutDownLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Tells each connection that the server closes. */
    enum Closing {
        NOW
    }
}
