package flotilla.platform.http;

import flotilla.platform.door.Admission;
import flotilla.platform.metrics.Metrics;
import flotilla.platform.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on one TCP address or one unix socket, until closed. Connections are kept
 * alive; each request runs on a virtual thread of its own, the requests of one connection one after
 * another. A unix socket's file is open to its owner alone (0600).
 */
public final class HttpServer implements AutoCloseable {
    private final EventLoopGroup loops;
    private final HttpPipeline http;
    private final @Nullable ServerTls tls;
    private final Admission admission;
    private final @Nullable SocketFile socketFile;
    private final Channel listening;
    private final SocketAddress address;
    private final boolean isHanded;

    /**
     * @param handed listens there already
     */
    private record Wanted(SocketAddress address, @Nullable ServerSocketChannel handed) {
        static Wanted of(java.nio.channels.Channel handed) throws IOException {
            if (handed instanceof ServerSocketChannel socket
                    && socket.getLocalAddress() instanceof UnixDomainSocketAddress unix) {
                return new Wanted(unix, socket);
            }
            throw new IOException(
                    handed + " was handed over, which is no unix socket that listens");
        }
    }

    private HttpServer(Wanted wanted, Handler handler, HttpLimits limits, @Nullable ServerTls tls)
            throws IOException {
        this.tls = tls;
        this.http = new HttpPipeline(handler, limits);
        this.admission =
                new Admission(
                        String.valueOf(wanted.address()), limits.connections(), limits.unreadMax());
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
        boolean bound = false;
        try {
            this.isHanded = wanted.handed() != null;
            if (wanted.handed() != null) {
                this.socketFile = null;
                this.listening = take(wanted.handed());
                this.address = wanted.address();
            } else if (wanted.address() instanceof UnixDomainSocketAddress unix) {
                this.socketFile = SocketFile.claim(unix.getPath());
                this.listening = bind(NioServerDomainSocketChannel::new, socketFile.bindTo());
                socketFile.publish();
                this.address = unix;
            } else {
                this.socketFile = null;
                this.listening = bind(NioServerSocketChannel::new, wanted.address());
                this.address = listening.localAddress();
            }
            bound = true;
        } finally {
            if (!bound) {
                http.close();
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
        return listen(address, handler, HttpLimits.DEFAULT);
    }

    /** As {@link #listen(SocketAddress, Handler)}, with limits of the caller's. */
    public static HttpServer listen(SocketAddress address, Handler handler, HttpLimits limits)
            throws IOException {
        return new HttpServer(new Wanted(address, null), handler, limits, null);
    }

    /** As above, over TLS alone; one that speaks plainly is told so. */
    public static HttpServer listen(
            SocketAddress address, Handler handler, HttpLimits limits, ServerTls tls)
            throws IOException {
        return new HttpServer(new Wanted(address, null), handler, limits, tls);
    }

    /**
     * Serves on a unix socket that listens already; whoever made it sees to its file and mode, and
     * may go on listening when this is closed.
     *
     * @throws IOException when it is none
     */
    public static HttpServer serve(java.nio.channels.Channel handed, Handler handler)
            throws IOException {
        return new HttpServer(Wanted.of(handed), handler, HttpLimits.DEFAULT, null);
    }

    /** Where it listens, with the port that it really has. */
    public SocketAddress address() {
        return address;
    }

    /** The TCP port it listens on, -1 on a unix socket. */
    public int port() {
        return address instanceof InetSocketAddress tcp ? tcp.getPort() : -1;
    }

    /** Shows how many connections there are, and how many were too many. */
    public void showConnections(Metrics metrics) {
        admission.show(metrics);
    }

    /** Cuts the connections of those whose certificate is such; new ones are TLS's own matter. */
    public void cut(Predicate<X509Certificate> whose) {
        http.cut(whose);
    }

    /**
     * Stops listening, waits up to five seconds for the requests that run, then cuts them. Streams
     * are told at once, by {@link Response.Sink#closed}. Closing again does nothing.
     */
    @Override
    public void close() {
        if (isHanded) {
            // Closed, Netty would remove the file too, by which clients find whoever comes next.
            listening.deregister().syncUninterruptibly();
        } else {
            listening.close().syncUninterruptibly();
        }
        http.close();
        shutDownLoops();
        if (socketFile != null) {
            socketFile.remove();
        }
    }

    private <C extends ServerChannel> Channel bind(
            ChannelFactory<C> listening, SocketAddress address) throws IOException {
        return opened(bootstrap(listening).bind(address), address);
    }

    private Channel take(ServerSocketChannel handed) throws IOException {
        handed.configureBlocking(false);
        return opened(
                bootstrap(() -> new NioServerDomainSocketChannel(handed)).register(),
                handed.getLocalAddress());
    }

    private <C extends ServerChannel> ServerBootstrap bootstrap(ChannelFactory<C> listening) {
        return new ServerBootstrap()
                .group(loops)
                .channelFactory(admission.guarding(listening))
                .childHandler(connection());
    }

    private static Channel opened(ChannelFuture opening, SocketAddress address) throws IOException {
        var binding = opening.awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "can't listen on " + address + ": " + binding.cause().getMessage(),
                    binding.cause());
        }
        return binding.channel();
    }

    private ChannelInitializer<Channel> connection() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline().addLast(tls.gate());
                }
                http.install(channel.pipeline());
            }
        };
    }

    private void shutDownLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
