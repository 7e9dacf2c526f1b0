package flotilla.store.wire;

import flotilla.platform.door.Admission;
import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import flotilla.platform.metrics.Metrics;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The port (or several, alike) on which clients find everything: gRPC and HTTP/1.1. */
public final class EtcdPort implements AutoCloseable {
    /** What gRPC adds to a request at most (etcd's {@code grpcOverheadBytes}). */
    static final int GRPC_OVERHEAD_BYTES = 512 * 1024;

    /** Clients may ping no more often (etcd's {@code grpc-keepalive-min-time}). */
    private static final long MIN_PING_SECONDS = 5;

    /** Idle connections are probed so often (etcd's {@code grpc-keepalive-interval}). */
    private static final long KEEP_ALIVE_HOURS = 2;

    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 20;

    /** How long calls under way may take to end when the port closes. */
    private static final long GRACE_MILLIS = 500;

    private final Server server;
    private final HttpPipeline http;
    private final List<EventLoopGroup> loops;

    private EtcdPort(Server server, HttpPipeline http, List<EventLoopGroup> loops) {
        this.server = server;
        this.http = http;
        this.loops = loops;
    }

    /**
     * @param services called on the network threads: they must not block
     * @param http what is not gRPC; may block
     */
    public record Served(List<ServerServiceDefinition> services, Handler http) {}

    /**
     * @param addresses one or more, all served alike
     * @param metrics shows how full the port is
     * @throws IOException naming the address that could not be bound
     */
    public static EtcdPort open(
            List<InetSocketAddress> addresses, Served served, int maxRequestBytes, Metrics metrics)
            throws IOException {
        HttpPipeline http = new HttpPipeline(served.http(), HttpLimits.DEFAULT);
        Admission admission =
                new Admission(String.valueOf(addresses), HttpLimits.DEFAULT.connections());
        EventLoopGroup accepting = loops(1, "etcd-accept");
        EventLoopGroup serving = loops(Runtime.getRuntime().availableProcessors(), "etcd-port");
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                addresses.getFirst(),
                                InternalNettyServerCredentials.create(
                                        new ProtocolSniffer(http::install)))
                        .channelFactory(admission.guarding(NioServerSocketChannel::new))
                        .bossEventLoopGroup(accepting)
                        .workerEventLoopGroup(serving)
                        // As many as the kernel lets wait: who finds no place tries after a second.
                        .withOption(ChannelOption.SO_BACKLOG, NetUtil.SOMAXCONN)
                        .directExecutor()
                        .maxInboundMessageSize(maxRequestBytes + GRPC_OVERHEAD_BYTES)
                        .permitKeepAliveTime(MIN_PING_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .keepAliveTime(KEEP_ALIVE_HOURS, TimeUnit.HOURS)
                        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                        // An HTTP/1.1 connection never ends gRPC's handshake; the sniffer watches.
                        .handshakeTimeout(Long.MAX_VALUE, TimeUnit.MILLISECONDS);
        addresses.stream().skip(1).forEach(builder::addListenAddress);
        served.services().forEach(builder::addService);
        List<EventLoopGroup> loops = List.of(accepting, serving);
        try {
            Server server = builder.build().start();
            admission.show(metrics);
            return new EtcdPort(server, http, loops);
        } catch (IOException e) {
            http.close();
            loops.forEach(EtcdPort::shutDown);
            throw new IOException("cannot serve etcd clients at " + addresses, e);
        }
    }

    private static EventLoopGroup loops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    private static void shutDown(EventLoopGroup loops) {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Where it listens, with the ports the system chose where 0 was asked for. */
    public List<InetSocketAddress> addresses() {
        return server.getListenSockets().stream().map(InetSocketAddress.class::cast).toList();
    }

    /** Stops accepting, gives calls under way half a second, then breaks off what is left. */
    @Override
    public void close() {
        server.shutdown();
        http.close();
        try {
            if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        loops.forEach(EtcdPort::shutDown);
    }
}
