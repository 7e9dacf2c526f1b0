package flotilla.store.wire;

import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
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

    private EtcdPort(Server server, HttpPipeline http) {
        this.server = server;
        this.http = http;
    }

    /**
     * @param addresses one or more, all served alike
     * @param services called on the network threads: they must not block
     * @param http what is not gRPC; may block
     * @throws IOException naming the address that could not be bound
     */
    public static EtcdPort open(
            List<InetSocketAddress> addresses,
            List<ServerServiceDefinition> services,
            Handler http,
            int maxRequestBytes)
            throws IOException {
        HttpPipeline pipeline = new HttpPipeline(http, HttpLimits.DEFAULT);
        ProtocolSniffer sniffer = new ProtocolSniffer(pipeline::install);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                addresses.getFirst(),
                                InternalNettyServerCredentials.create(sniffer))
                        .directExecutor()
                        .maxInboundMessageSize(maxRequestBytes + GRPC_OVERHEAD_BYTES)
                        .permitKeepAliveTime(MIN_PING_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .keepAliveTime(KEEP_ALIVE_HOURS, TimeUnit.HOURS)
                        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                        // An HTTP/1.1 connection never ends gRPC's handshake; the sniffer watches.
                        .handshakeTimeout(Long.MAX_VALUE, TimeUnit.MILLISECONDS);
        addresses.stream().skip(1).forEach(builder::addListenAddress);
        services.forEach(builder::addService);
        try {
            return new EtcdPort(builder.build().start(), pipeline);
        } catch (IOException e) {
            pipeline.close();
            throw new IOException("cannot serve etcd clients at " + addresses, e);
        }
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
    }
}
