package flotilla.store;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.log.Durations;
import flotilla.store.log.Membership;
import flotilla.store.log.RaftMetrics;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.wire.EtcdService;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a member's first clients ask, asked once before there are any. A process that has answered
 * nothing yet loads, links and compiles for a quarter of a second before it grants its first lease.
 * So a store of one, in memory and behind a port of its own, is asked for a lease, a put and a
 * watch, over the wire and through the same services. The member's own state and log know nothing
 * of it.
 */
final class WarmUp {
    /** It takes a fraction of this, on a busy host too; then clients do without. */
    private static final long PATIENCE_SECONDS = 10;

    private static final long ALONE = 1;

    /** Plainly, whatever the member speaks. */
    private static final URI HERE = URI.create("http://127.0.0.1:0");

    private static final ByteString KEY = ByteString.copyFromUtf8("warm-up");
    private static final RaftMetrics NO_METRICS =
            new RaftMetrics(0, 0, 0, 0, 0, 0, new Durations(0, List.of()), List.of());

    private WarmUp() {}

    /**
     * Blocks until all is answered.
     *
     * @param config the member's, so that its limits and interceptors take part
     * @throws IOException when something was not answered: a reason to wonder, not to fail
     */
    static void perform(EtcdConfig config) throws IOException, InterruptedException {
        try (EtcdStateMachine scratch = new EtcdStateMachine(new MemoryStorage());
                LoneLog log = new LoneLog(ALONE, scratch);
                EtcdService service =
                        EtcdService.open(
                                config,
                                List.of(HERE),
                                new EtcdService.Store(
                                        alone(),
                                        scratch,
                                        log,
                                        () -> NO_METRICS,
                                        Optional::empty))) {
            InetSocketAddress address = service.addresses().getFirst();
            ManagedChannel channel =
                    ManagedChannelBuilder.forAddress(address.getHostString(), address.getPort())
                            .usePlaintext()
                            .disableRetry()
                            .build();
            try {
                ask(channel);
            } catch (StatusException | StatusRuntimeException e) {
                throw new IOException("the warm-up at " + address + " was not answered", e);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static Membership alone() {
        return new Membership(
                ALONE,
                ALONE,
                List.of(new Membership.Peer(ALONE, "alone", List.of("http://127.0.0.1:1"))));
    }

    private static void ask(ManagedChannel channel) throws StatusException, InterruptedException {
        long lease =
                LeaseGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1).build())
                        .getID();
        BlockingClientCall<WatchRequest, WatchResponse> watch =
                WatchGrpc.newBlockingV2Stub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .watch();
        watch.write(
                WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY))
                        .build());
        WatchResponse created = watch.read();
        var put =
                KVGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .put(PutRequest.newBuilder().setKey(KEY).setLease(lease).build());
        WatchResponse told = watch.read();
        watch.cancel("the warm-up is over", null);
        if (created == null
                || told == null
                || told.getHeader().getRevision() != put.getHeader().getRevision()) {
            throw new StatusException(
                    io.grpc.Status.INTERNAL.withDescription("the watch missed its event"));
        }
    }
}
