package flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.Registration;
import flotilla.protocol.Event;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrantResponse;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody foresaw ends no keeper and no watch without a word. */
class OddServerTest {
    private Server server;
    private EtcdClient client;

    @BeforeEach
    void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new EndlessLeases())
                        .addService(new OneEvent())
                        .build()
                        .start();
        client =
                EtcdClient.connect(
                        ClientConfig.of(List.of("http://127.0.0.1:" + server.getPort())));
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void a_lease_whose_renewals_can_not_be_understood_is_reported_lost() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);

        LeaseKeeper keeper = LeaseKeeper.grant(client, Duration.ofSeconds(2), lost::countDown);

        assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keeper.held()).isFalse();
    }

    @Test
    void a_watch_whose_listener_broke_tells_it_so() throws Exception {
        CompletableFuture<RuntimeException> told = new CompletableFuture<>();
        WatchListener broken =
                new WatchListener() {
                    @Override
                    public void onEvents(List<Event> events) {
                        throw new StackOverflowError("a listener that is too deep");
                    }

                    @Override
                    public void onFailed(RuntimeException failure) {
                        told.complete(failure);
                    }
                };

        try (Registration _ = client.watch(WatchSpec.prefix("/", 1), broken)) {
            assertThat(told.get(60, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }
    }

    /** Renews for longer than nanoseconds can count. */
    private static final class EndlessLeases extends LeaseGrpc.LeaseImplBase {
        @Override
        public void leaseGrant(
                LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> answers) {
            answers.onNext(LeaseGrantResponse.newBuilder().setID(1).setTTL(2).build());
            answers.onCompleted();
        }

        @Override
        public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
                StreamObserver<LeaseKeepAliveResponse> answers) {
            return new Each<>(() ->
                    answers.onNext(
                            LeaseKeepAliveResponse.newBuilder().setTTL(Long.MAX_VALUE).build()));
        }
    }

    private static final class OneEvent extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            return new Each<>(() -> {
                answers.onNext(WatchResponse.newBuilder().setCreated(true).build());
                Event.Builder event = Event.newBuilder();
                event.getKvBuilder().setModRevision(1);
                answers.onNext(WatchResponse.newBuilder().addEvents(event).build());
            });
        }
    }

    /** Does the same for each request. */
    private record Each<T>(Runnable work) implements StreamObserver<T> {
        @Override
        public void onNext(T request) {
            work.run();
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
