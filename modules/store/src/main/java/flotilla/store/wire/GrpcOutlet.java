package flotilla.store.wire;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * A gRPC call as an outlet: ready while the client takes what is sent. A client that does not read
 * is not read from either: else what it is answered would pile up here.
 */
final class GrpcOutlet<A> implements Outlet<A> {
    private final ServerCallStreamObserver<A> call;
    private boolean over;

    /** Whether no request is wanted until the client reads; touched by the call's callbacks. */
    private boolean paused;

    GrpcOutlet(ServerCallStreamObserver<A> call) {
        this.call = call;
    }

    /** Ties what feeds the call to it; must be called before the service method returns. */
    void feedFrom(Source source) {
        call.disableAutoRequest();
        call.setOnReadyHandler(() -> {
            source.resume();
            if (paused) {
                takeNext();
            }
        });
        call.setOnCancelHandler(source::close);
        call.request(1);
    }

    /** A request was taken; the next one is, once the client reads. */
    void takeNext() {
        paused = !call.isReady();
        if (!paused) {
            call.request(1);
        }
    }

    @Override
    public boolean ready() {
        return call.isReady();
    }

    @Override
    public synchronized void send(A answer) {
        if (!over) {
            call.onNext(answer);
        }
    }

    @Override
    public synchronized void end() {
        if (!over) {
            over = true;
            call.onCompleted();
        }
    }

    @Override
    public synchronized void fail(StatusRuntimeException failure) {
        if (!over) {
            over = true;
            call.onError(failure);
        }
    }
}
