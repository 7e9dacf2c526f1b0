package flotilla.conformance.etcd;

import com.google.protobuf.Message;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.WatchRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** One of the two servers under comparison, asked one thing at a time by one thread. */
final class Side implements AutoCloseable {
    /** A request that takes longer is answered DEADLINE_EXCEEDED, which is a difference. */
    private static final int DEADLINE_SECONDS = 15;

    private final ManagedChannel channel;
    private final WatchStream watches;
    private final RenewalStream renewals;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI metrics;

    Side(String address) {
        metrics = URI.create("http://" + address + "/metrics");
        channel =
                NettyChannelBuilder.forTarget(address)
                        .negotiationType(NegotiationType.PLAINTEXT)
                        .build();
        watches = new WatchStream(channel);
        renewals = new RenewalStream(channel);
    }

    Answer ask(Message request) {
        try {
            return Answer.of(response(request));
        } catch (StatusRuntimeException refused) {
            return Answer.of(refused);
        }
    }

    WatchStream watches() {
        return watches;
    }

    /**
     * Whether no watch still has history to catch up with. A compaction before that cancels the
     * watch on the server that was slower, which is no difference between them.
     */
    boolean watchesAreSynced() {
        try {
            HttpRequest request = HttpRequest.newBuilder(metrics).build();
            String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return text.lines()
                    .filter(line -> line.startsWith("etcd_debugging_mvcc_slow_watcher_total "))
                    .allMatch(line -> line.endsWith(" 0") || line.endsWith(" 0.0"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + metrics, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Message response(Message request) {
        return switch (request) {
            case RangeRequest range -> kv().range(range);
            case PutRequest put -> kv().put(put);
            case DeleteRangeRequest delete -> kv().deleteRange(delete);
            case TxnRequest txn -> kv().txn(txn);
            case CompactionRequest compact -> kv().compact(compact);
            case LeaseGrantRequest grant -> lease().leaseGrant(grant);
            case LeaseRevokeRequest revoke -> lease().leaseRevoke(revoke);
            case LeaseTimeToLiveRequest ttl -> lease().leaseTimeToLive(ttl);
            case LeaseLeasesRequest leases -> lease().leaseLeases(leases);
            case LeaseKeepAliveRequest renewal -> renewals.renew(renewal);
            case HashKVRequest hash ->
                    MaintenanceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .hashKV(hash);
            case WatchRequest watch -> watches.ask(watch);
            default -> throw new IllegalArgumentException("no way to send " + request);
        };
    }

    private KVGrpc.KVBlockingStub kv() {
        return KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private LeaseGrpc.LeaseBlockingStub lease() {
        return LeaseGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        http.close();
    }
}
