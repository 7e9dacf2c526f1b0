package flotilla.store.wire;

import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/**
 * One client's stream of renewals. Several may be asked of the leader at once; answers go out in
 * the order of the requests. A client that does not read is not read from either.
 */
final class LeaseKeepAlives implements StreamObserver<LeaseKeepAliveRequest> {
    /** Renewals of one stream under way at once. */
    private static final int IN_FLIGHT = 64;

    private final LeaseService service;
    private final StreamObserver<LeaseKeepAliveResponse> observer;

    /** Requests answered for which none was taken in their place; the client is behind. */
    private int owed;

    /** The last answer in line; touched only by the stream's own callbacks, which are in order. */
    private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

    LeaseKeepAlives(LeaseService service, StreamObserver<LeaseKeepAliveResponse> observer) {
        this.service = service;
        this.observer = observer;
        if (observer instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(() -> {});
            call.setOnReadyHandler(() -> takeOn(0));
            call.disableAutoRequest();
            call.request(IN_FLIGHT);
        }
    }

    @Override
    public void onNext(LeaseKeepAliveRequest request) {
        CompletableFuture<LeaseKeepAliveResponse> renewal = service.renew(request.getID());
        last = last.thenCompose(open -> open ? answered(renewal) : closed());
    }

    private CompletableFuture<Boolean> answered(CompletableFuture<LeaseKeepAliveResponse> renewal) {
        return renewal.handle((response, failure) -> {
            if (failure != null) {
                observer.onError(Reply.status(failure));
                return false;
            }
            observer.onNext(response);
            takeOn(1);
            return true;
        });
    }

    private synchronized void takeOn(int more) {
        owed += more;
        if (owed > 0 && observer instanceof ServerCallStreamObserver<?> call && call.isReady()) {
            call.request(owed);
            owed = 0;
        }
    }

    private static CompletableFuture<Boolean> closed() {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public void onError(Throwable gone) {
        last = closed();
    }

    @Override
    public void onCompleted() {
        last =
                last.thenApply(open -> {
                    if (open) {
                        observer.onCompleted();
                    }
                    return false;
                });
    }
}
