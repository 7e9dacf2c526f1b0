package flotilla.store.wire;

import flotilla.platform.Registration;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.watch.WatchHub;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * etcd's Watch service: many watches on one stream. A client that reads slowly is not sent to: its
 * watches fall behind in the hub and catch up from history, so it costs no memory.
 */
final class WatchService extends WatchGrpc.WatchImplBase {
    private final Identity identity;
    private final WatchHub hub;
    private final LeaderWatchdog watchdog;
    private final Outflow outflow = new Outflow();

    WatchService(Identity identity, WatchHub hub, LeaderWatchdog watchdog) {
        this.identity = identity;
        this.hub = hub;
        this.watchdog = watchdog;
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
        GrpcOutlet<WatchResponse> outlet =
                new GrpcOutlet<>((ServerCallStreamObserver<WatchResponse>) observer);
        WatchSession session = open(outlet);
        Registration guard =
                RequireLeader.asked()
                        ? watchdog.onNoLeader(
                                () -> session.fail(new EtcdException(EtcdError.NO_LEADER)))
                        : () -> {};
        outlet.feedFrom(
                new Outlet.Source() {
                    @Override
                    public void resume() {
                        session.resume();
                    }

                    @Override
                    public void close() {
                        guard.close();
                        session.close();
                    }
                });
        return new StreamObserver<>() {
            @Override
            public void onNext(WatchRequest request) {
                session.take(request);
                outlet.takeNext();
            }

            @Override
            public void onError(Throwable gone) {
                guard.close();
                session.close();
            }

            @Override
            public void onCompleted() {
                // The client has nothing more to ask, and goes on listening.
            }
        };
    }

    WatchSession open(Outlet<WatchResponse> outlet) {
        return new WatchSession(identity, hub, outflow, outlet);
    }
}
