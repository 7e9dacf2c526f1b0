package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.protocol.CampaignRequest;
import flotilla.protocol.CampaignResponse;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.ElectionGrpc;
import flotilla.protocol.LeaderKey;
import flotilla.protocol.LeaderRequest;
import flotilla.protocol.LeaderResponse;
import flotilla.protocol.ProclaimRequest;
import flotilla.protocol.ProclaimResponse;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResignRequest;
import flotilla.protocol.ResignResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.TxnResponse;
import flotilla.store.wire.Claims.Claim;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/** etcd's Election service: a lock whose holder has something to say. */
final class ElectionService extends ElectionGrpc.ElectionImplBase {
    private final Identity identity;
    private final Claims claims;
    private final Waiters waiters;

    ElectionService(Identity identity, Claims claims, Waiters waiters) {
        this.identity = identity;
        this.claims = claims;
        this.waiters = waiters;
    }

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> observer) {
        waiters.run(observer, answers -> answers.onNext(campaign(request)));
    }

    private CampaignResponse campaign(CampaignRequest request)
            throws InterruptedException, ExecutionException {
        long lease = claims.lease(request.getLease());
        Claim claim = claims.stand(request.getName(), lease, request.getValue());
        LeaderKey leader =
                LeaderKey.newBuilder()
                        .setName(request.getName())
                        .setKey(claim.key())
                        .setRev(claim.createRevision())
                        .setLease(lease)
                        .build();
        if (!claim.value().equals(request.getValue())) {
            proclaimOrLeave(leader, request.getValue());
        }
        claims.await(request.getName(), claim);
        return CampaignResponse.newBuilder().setHeader(claim.header()).setLeader(leader).build();
    }

    private void proclaimOrLeave(LeaderKey leader, ByteString value)
            throws InterruptedException, ExecutionException {
        boolean said = false;
        try {
            proclaim(leader, value);
            said = true;
        } finally {
            if (!said) {
                claims.leave(leader.getKey());
            }
        }
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> observer) {
        waiters.run(
                observer,
                answers -> {
                    requireLeader(request.hasLeader());
                    long lease = claims.lease(request.getLeader().getLease());
                    LeaderKey leader = request.getLeader().toBuilder().setLease(lease).build();
                    answers.onNext(
                            ProclaimResponse.newBuilder()
                                    .setHeader(proclaim(leader, request.getValue()))
                                    .build());
                });
    }

    private ResponseHeader proclaim(LeaderKey leader, ByteString value)
            throws InterruptedException, ExecutionException {
        RequestOp put = Claims.put(leader.getKey(), value, leader.getLease());
        TxnResponse done = claims.ifMadeAt(leader.getKey(), leader.getRev(), put).get();
        if (!done.getSucceeded()) {
            throw Waiters.refusal("election: not leader");
        }
        return done.getHeader();
    }

    private static void requireLeader(boolean given) {
        if (!given) {
            throw Waiters.refusal("\"leader\" field must be provided");
        }
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
        waiters.run(
                observer,
                answers -> {
                    RangeResponse holder = claims.holder(request.getName()).get();
                    if (holder.getKvsCount() == 0) {
                        throw Waiters.refusal("election: no leader");
                    }
                    answers.onNext(
                            LeaderResponse.newBuilder()
                                    .setHeader(holder.getHeader())
                                    .setKv(holder.getKvs(0))
                                    .build());
                });
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
        Observation.Client client = client((ServerCallStreamObserver<LeaderResponse>) observer);
        waiters.run(
                observer,
                answers -> new Observation(identity, claims, request.getName(), client).run());
    }

    /** To be asked for before the service method returns. */
    private static Observation.Client client(ServerCallStreamObserver<LeaderResponse> call) {
        Semaphore maybe = new Semaphore(0);
        call.setOnReadyHandler(maybe::release);
        return leader -> {
            while (!call.isReady()) {
                maybe.acquire();
            }
            call.onNext(leader);
        };
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> observer) {
        waiters.run(
                observer,
                answers -> {
                    requireLeader(request.hasLeader());
                    LeaderKey leader = request.getLeader();
                    RequestOp delete =
                            RequestOp.newBuilder()
                                    .setRequestDeleteRange(
                                            DeleteRangeRequest.newBuilder().setKey(leader.getKey()))
                                    .build();
                    TxnResponse done =
                            claims.ifMadeAt(leader.getKey(), leader.getRev(), delete).get();
                    answers.onNext(ResignResponse.newBuilder().setHeader(done.getHeader()).build());
                });
    }
}
