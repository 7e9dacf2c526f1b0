package flotilla.store.wire;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/** A gRPC call as an outlet: ready while the client takes what is sent. */
final class GrpcOutlet<A> implements Outlet<A> {
    private final ServerCallStreamObserver<A> call;
    private boolean over;

    GrpcOutlet(ServerCallStreamObserver<A> call) {
        this.call = call;
    }

    /** Ties what feeds the call to it; must be called before the service method returns. */
    void feedFrom(Source source) {
        call.setOnReadyHandler(source::resume);
        call.setOnCancelHandler(source::close);
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
