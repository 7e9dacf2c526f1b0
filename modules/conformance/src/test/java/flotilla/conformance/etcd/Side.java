package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.conformance.servers.Connection;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.WatchRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of the two clusters under comparison, asked one thing at a time by one thread, each time on
 * the next member.
 */
final class Side implements AutoCloseable {
    /** A request that takes longer is answered DEADLINE_EXCEEDED, which is a difference. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final RangeRequest ANY =
            RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("any"))
                    .setCountOnly(true)
                    .build();

    private final List<Connection> members;
    private final WatchStream watches;
    private final RenewalStream renewals;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI metrics;
    private int turn;

    Side(List<String> addresses) {
        metrics = URI.create("http://" + addresses.getFirst() + "/metrics");
        members = addresses.stream().map(Connection::new).toList();
        watches = new WatchStream(members.getFirst().channel());
        renewals = new RenewalStream(members.getLast().channel());
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
        Connection member = members.get(turn++ % members.size());
        return switch (request) {
            case RangeRequest range -> member.kv(DEADLINE).range(range);
            case PutRequest put -> member.kv(DEADLINE).put(put);
            case DeleteRangeRequest delete -> member.kv(DEADLINE).deleteRange(delete);
            case TxnRequest txn -> member.kv(DEADLINE).txn(txn);
            case CompactionRequest compact -> member.kv(DEADLINE).compact(compact);
            case LeaseGrantRequest grant -> lease(member).leaseGrant(grant);
            case LeaseRevokeRequest revoke -> lease(member).leaseRevoke(revoke);
            case LeaseTimeToLiveRequest ttl -> lease(upToDate(member)).leaseTimeToLive(ttl);
            case LeaseLeasesRequest leases -> lease(upToDate(member)).leaseLeases(leases);
            case LeaseKeepAliveRequest renewal -> {
                upToDate(members.getLast());
                yield renewals.renew(renewal);
            }
            case HashKVRequest hash -> upToDate(member).maintenance(DEADLINE).hashKV(hash);
            case WatchRequest watch -> {
                upToDate(members.getFirst());
                yield watches.ask(watch);
            }
            default -> throw new IllegalArgumentException("no way to send " + request);
        };
    }

    /**
     * What a member tells of itself is as old as the member is behind; a linearizable read first
     * brings it to the same point on both sides.
     */
    private Connection upToDate(Connection member) {
        if (members.size() > 1) {
            member.kv(DEADLINE).range(ANY);
        }
        return member;
    }

    private static LeaseGrpc.LeaseBlockingStub lease(Connection member) {
        return LeaseGrpc.newBlockingStub(member.channel())
                .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        members.forEach(Connection::close);
        http.close();
    }
}
