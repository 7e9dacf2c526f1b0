package flotilla.store.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrantResponse;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.LeaseLeasesResponse;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseRevokeResponse;
import flotilla.protocol.LeaseStatus;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.LeaseTimeToLiveResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.mvcc.RequestChecks;
import flotilla.store.command.Command;
import flotilla.store.leader.LeaseAnswer;
import flotilla.store.leader.LeaseQuestion;
import flotilla.store.view.EtcdStateMachine;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * etcd's Lease service. Leases themselves are replicated; their time is counted by the leader
 * alone, so renewals and questions about what is left go to it.
 */
final class LeaseService extends LeaseGrpc.LeaseImplBase {
    private final Identity identity;
    private final EtcdStateMachine machine;
    private final Proposals proposals;
    private final Reads reads;
    private final long minTtlSeconds;

    LeaseService(Parts parts, long minTtlSeconds) {
        this.identity = parts.identity();
        this.machine = parts.machine();
        this.proposals = parts.proposals();
        this.reads = parts.reads();
        this.minTtlSeconds = minTtlSeconds;
    }

    /** What the proposer settles: the id when the client leaves it open, and the shortest time. */
    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer) {
        Reply.with(observer, () -> grant(request));
    }

    CompletableFuture<LeaseGrantResponse> grant(LeaseGrantRequest request) {
        RequestChecks.check(request);
        LeaseGrantRequest settled =
                request.toBuilder()
                        .setID(request.getID() == 0 ? freshId() : request.getID())
                        .setTTL(Math.max(request.getTTL(), minTtlSeconds))
                        .build();
        return proposals
                .propose(Command.newBuilder().setLeaseGrant(settled), LeaseGrantResponse.class)
                .thenApply(done ->
                        done.toBuilder().setHeader(identity.header(done.getHeader())).build());
    }

    private static long freshId() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }

    @Override
    public void leaseRevoke(
            LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> observer) {
        Reply.with(
                observer,
                proposals
                        .propose(
                                Command.newBuilder().setLeaseRevoke(request),
                                LeaseRevokeResponse.class)
                        .thenApply(done ->
                                done.toBuilder()
                                        .setHeader(identity.header(done.getHeader()))
                                        .build()));
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
            StreamObserver<LeaseKeepAliveResponse> observer) {
        return new LeaseKeepAlives(this, observer);
    }

    /** A lease that is not there is answered with TTL 0. The header is from before the renewal. */
    CompletableFuture<LeaseKeepAliveResponse> renew(long id) {
        ResponseHeader header = identity.header(machine.revision());
        return askLeader(id, true)
                .thenApply(answer ->
                        LeaseKeepAliveResponse.newBuilder()
                                .setHeader(header)
                                .setID(id)
                                .setTTL(answer.getFound() ? answer.getTtlSeconds() : 0)
                                .build());
    }

    @Override
    public void leaseTimeToLive(
            LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> observer) {
        Reply.with(observer, reads.room(), room -> timeToLive(request, room));
    }

    private CompletableFuture<LeaseTimeToLiveResponse> timeToLive(
            LeaseTimeToLiveRequest request, CallRoom room) {
        CompletableFuture<LeaseAnswer> left = askLeader(request.getID(), false);
        return request.getKeys()
                ? left.thenCompose(answer ->
                        reads.linearizable(
                                Reads.Extent.SCAN,
                                room,
                                () -> {
                                    List<ByteString> keys =
                                            machine.leaseKeys(request.getID(), room);
                                    return timeToLive(request, answer, keys);
                                }))
                : left.thenApply(answer -> timeToLive(request, answer, List.of()));
    }

    private LeaseTimeToLiveResponse timeToLive(
            LeaseTimeToLiveRequest request, LeaseAnswer answer, List<ByteString> keys) {
        LeaseTimeToLiveResponse.Builder response =
                LeaseTimeToLiveResponse.newBuilder()
                        .setHeader(identity.header(machine.revision()))
                        .setID(request.getID());
        if (!answer.getFound()) {
            return response.setTTL(-1).build();
        }
        return response.setTTL(answer.getTtlSeconds())
                .setGrantedTTL(answer.getGrantedTtlSeconds())
                .addAllKeys(keys)
                .build();
    }

    @Override
    public void leaseLeases(
            LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> observer) {
        Reply.with(
                observer,
                reads.room(),
                room -> reads.linearizable(Reads.Extent.SCAN, room, () -> leases(room)));
    }

    private LeaseLeasesResponse leases(CallRoom room) {
        LeaseLeasesResponse.Builder response =
                LeaseLeasesResponse.newBuilder().setHeader(identity.header(machine.revision()));
        for (Lease lease : machine.leases(room)) {
            response.addLeases(LeaseStatus.newBuilder().setID(lease.id()));
        }
        return response.build();
    }

    private CompletableFuture<LeaseAnswer> askLeader(long id, boolean renew) {
        LeaseQuestion question = LeaseQuestion.newBuilder().setId(id).setRenew(renew).build();
        return identity.log()
                .askLeader(question.toByteString())
                .thenApply(bytes -> {
                    try {
                        return LeaseAnswer.parseFrom(bytes);
                    } catch (InvalidProtocolBufferException e) {
                        throw new CompletionException("read the leader's answer on lease " + id, e);
                    }
                });
    }
}
