package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import org.junit.jupiter.api.Test;

class GrpcOutletTest {
    private final Call call = new Call();
    private final GrpcOutlet<String> outlet = new GrpcOutlet<>(call);

    @Test
    void a_client_that_does_not_read_is_not_read_from_until_it_does() {
        outlet.feedFrom(new Ignored());
        assertThat(call.requested).isEqualTo(1);
        outlet.takeNext();
        assertThat(call.requested).isEqualTo(2);

        call.ready = false;
        outlet.takeNext();
        assertThat(call.requested).isEqualTo(2);

        call.ready = true;
        call.onReady.run();
        assertThat(call.requested).isEqualTo(3);
        call.onReady.run();
        assertThat(call.requested).isEqualTo(3);
    }

    private static final class Ignored implements Outlet.Source {
        @Override
        public void resume() {}

        @Override
        public void close() {}
    }

    /** Counts how many requests are wanted. */
    private static final class Call extends ServerCallStreamObserver<String> {
        private boolean ready = true;
        private int requested;
        private Runnable onReady = () -> {};

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void request(int count) {
            requested += count;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void disableAutoRequest() {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void onNext(String value) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
