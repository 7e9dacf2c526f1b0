package flotilla.store.wire;

import flotilla.platform.door.Admission;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import flotilla.platform.metrics.Metrics;
import flotilla.platform.tls.ServerTls;
import flotilla.store.boot.EtcdConfig;
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
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The port (or several, alike) on which clients find everything: gRPC and HTTP/1.1. */
final class EtcdPort implements AutoCloseable {
    /** What gRPC adds to a request at most (etcd's {@code grpcOverheadBytes}). */
    static final int GRPC_OVERHEAD_BYTES = 512 * 1024;

    /** All metadata of a request together, in bytes (gRPC's own default). */
    private static final int METADATA_MAX_BYTES = 8 * 1024;

    /**
     * What a client may send ahead of what is read, on a connection and in a call, in bytes (as
     * etcd's begins). It is held even by a call that doesn't ask for it.
     */
    private static final int WINDOW_BYTES = 64 * 1024;

    /**
     * Calls that a client may break off in so many seconds before it is cut (CVE-2023-44487). One
     * that closes two thousand watches at once means no harm.
     */
    private static final int RESETS_MAX = 2_000;

    private static final int RESETS_SECONDS = 10;

    /** How often clients that ping may, where the flag says 0 (gRPC's default). */
    private static final Duration MIN_PING_DEFAULT = Duration.ofMinutes(5);

    /** How long calls under way may take to end when the port closes. */
    private static final long GRACE_MILLIS = 500;

    private final Served served;
    private final EtcdConfig config;
    private final Admission admission;
    private final List<EventLoopGroup> loops =
            List.of(
                    loops(1, "etcd-accept"),
                    loops(Runtime.getRuntime().availableProcessors(), "etcd-port"));

    /** One for plain connections, one for those with TLS; the door's limit is for both. */
    private final List<Server> servers = new ArrayList<>();

    private EtcdPort(Served served, EtcdConfig config, Admission admission) {
        this.served = served;
        this.config = config;
        this.admission = admission;
    }

    /**
     * What is served.
     *
     * @param services called on the network threads: they must not block
     * @param exchanges watches over their calls
     * @param http what is not gRPC; may block
     */
    record Served(List<ServerServiceDefinition> services, Exchanges exchanges, HttpPipeline http) {}

    /**
     * @param urls one or more, all served alike; {@code https://} with TLS
     * @param metrics shows how full the port is
     * @throws IOException naming the address that could not be bound, or the certificate's file
     *     that can't be used
     */
    static EtcdPort open(List<URI> urls, Served served, EtcdConfig config, Metrics metrics)
            throws IOException {
        HttpLimits limits = served.http().limits();
        EtcdPort port =
                new EtcdPort(
                        served,
                        config,
                        new Admission(
                                String.valueOf(urls), limits.connections(), limits.unreadMax()));
        try {
            List<InetSocketAddress> plain = addresses(urls, "http");
            List<InetSocketAddress> secure = addresses(urls, "https");
            if (!plain.isEmpty()) {
                port.listen(plain, new ProtocolSniffer(served.http()::install, null));
            }
            if (!secure.isEmpty()) {
                ServerTls tls = config.tls().serveClients(config);
                tls.show(metrics);
                port.listen(secure, new ProtocolSniffer(served.http()::install, tls));
            }
            port.admission.show(metrics);
            return port;
        } catch (IOException e) {
            port.close();
            throw new IOException(
                    "cannot serve etcd clients at " + urls + ": " + e.getMessage(), e);
        }
    }

    private static List<InetSocketAddress> addresses(List<URI> urls, String scheme) {
        return urls.stream()
                .filter(url -> scheme.equals(url.getScheme()))
                .map(EtcdConfig::address)
                .toList();
    }

    private void listen(List<InetSocketAddress> addresses, ProtocolSniffer sniffer)
            throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                addresses.getFirst(),
                                InternalNettyServerCredentials.create(sniffer))
                        .channelFactory(admission.guarding(NioServerSocketChannel::new))
                        .bossEventLoopGroup(loops.getFirst())
                        .workerEventLoopGroup(loops.getLast())
                        // As many as the kernel lets wait: who finds no place tries after a second.
                        .withOption(ChannelOption.SO_BACKLOG, NetUtil.SOMAXCONN)
                        .directExecutor()
                        .addStreamTracerFactory(served.exchanges())
                        .maxInboundMessageSize(config.maxRequestBytes() + GRPC_OVERHEAD_BYTES)
                        // An HTTP/1.1 connection never ends gRPC's handshake; the sniffer watches.
                        .handshakeTimeout(Long.MAX_VALUE, TimeUnit.MILLISECONDS);
        limit(builder, config.grpc());
        addresses.stream().skip(1).forEach(builder::addListenAddress);
        served.services().forEach(builder::addService);
        servers.add(builder.build().start());
    }

    /** As etcd sets up its gRPC, from the same flags; and against what HTTP/2 lets a client do. */
    private static void limit(NettyServerBuilder builder, EtcdConfig.Grpc grpc) {
        Duration minPing = grpc.minPing().isZero() ? MIN_PING_DEFAULT : grpc.minPing();
        builder.maxConcurrentCallsPerConnection(grpc.maxConcurrentStreams())
                .maxInboundMetadataSize(METADATA_MAX_BYTES)
                .flowControlWindow(WINDOW_BYTES)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .permitKeepAliveTime(minPing.toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveWithoutCalls(false);
        if (!grpc.keepAliveInterval().isZero() && !grpc.keepAliveTimeout().isZero()) {
            builder.keepAliveTime(grpc.keepAliveInterval().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveTimeout(grpc.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static EventLoopGroup loops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    private static void shutDown(EventLoopGroup loops) {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /**
     * Where it listens, with the ports the system chose where 0 was asked for; plain ones first.
     */
    List<InetSocketAddress> addresses() {
        return servers.stream()
                .flatMap(server -> server.getListenSockets().stream())
                .map(InetSocketAddress.class::cast)
                .toList();
    }

    /** Stops accepting, gives calls under way half a second, then breaks off what is left. */
    @Override
    public void close() {
        servers.forEach(Server::shutdown);
        served.http().close();
        try {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
            for (Server server : servers) {
                if (!server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    server.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            servers.forEach(Server::shutdownNow);
            Thread.currentThread().interrupt();
        }
        loops.forEach(EtcdPort::shutDown);
    }
}
