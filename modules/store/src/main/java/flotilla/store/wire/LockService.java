package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.protocol.LockGrpc;
import flotilla.protocol.LockRequest;
import flotilla.protocol.LockResponse;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.UnlockRequest;
import flotilla.protocol.UnlockResponse;
import flotilla.store.wire.Claims.Claim;
import io.grpc.stub.StreamObserver;

/** etcd's Lock service: a mutex that lasts as long as the lease it was asked for with. */
final class LockService extends LockGrpc.LockImplBase {
    private final Claims claims;
    private final Waiters waiters;

    LockService(Claims claims, Waiters waiters) {
        this.claims = claims;
        this.waiters = waiters;
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> observer) {
        waiters.run(
                observer,
                answers -> {
                    ByteString name = request.getName();
                    long lease = claims.lease(request.getLease());
                    Claim claim = claims.stand(name, lease, ByteString.EMPTY);
                    claims.await(name, claim);
                    RangeResponse mine = claims.read(claim.key()).get();
                    if (mine.getKvsCount() == 0) {
                        throw Waiters.refusal("mutex: session is expired");
                    }
                    answers.onNext(
                            LockResponse.newBuilder()
                                    .setHeader(mine.getHeader())
                                    .setKey(claim.key())
                                    .build());
                });
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> observer) {
        waiters.run(
                observer,
                answers ->
                        answers.onNext(
                                UnlockResponse.newBuilder()
                                        .setHeader(claims.delete(request.getKey()).get())
                                        .build()));
    }
}
