package flotilla.conformance.servers;

import flotilla.protocol.KVGrpc;
import flotilla.protocol.MaintenanceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A plain gRPC connection to one member: no retries, no rotation, so that what it sees is the
 * truth.
 */
public final class Connection implements AutoCloseable {
    /** Bytes of one answer; a read of everything a test wrote must fit. */
    private static final int ANSWER_MAX = 256 << 20;

    private final String address;
    private final ManagedChannel channel;

    /**
     * @param address {@code host:port}
     */
    public Connection(String address) {
        this.address = address;
        this.channel =
                NettyChannelBuilder.forTarget(address)
                        .negotiationType(NegotiationType.PLAINTEXT)
                        .maxInboundMessageSize(ANSWER_MAX)
                        .directExecutor()
                        .disableRetry()
                        .build();
    }

    public String address() {
        return address;
    }

    public ManagedChannel channel() {
        return channel;
    }

    public KVGrpc.KVBlockingStub kv(Duration deadline) {
        return KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    public MaintenanceGrpc.MaintenanceBlockingStub maintenance(Duration deadline) {
        return MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
