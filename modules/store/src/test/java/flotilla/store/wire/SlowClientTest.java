package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.platform.Clock;
import flotilla.platform.http.BodyBudget;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import flotilla.platform.http.Response;
import flotilla.platform.metrics.Metrics;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.KeyValue;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.RawHttp2;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stop in the middle, at a real port whose clock the test turns. */
class SlowClientTest {
    private static final String PUT = "etcdserverpb.KV/Put";
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final String WATCH = "etcdserverpb.Watch/Watch";
    private static final int CALLS_MAX = 3;

    /** More than a client takes that never opens its window again, and gRPC ahead of it. */
    private static final int BEYOND_THE_WINDOW = 200_000;

    private static final int END_STREAM = 1;

    private static final WatchResponse LARGE =
            WatchResponse.newBuilder().setCancelReason("x".repeat(BEYOND_THE_WINDOW)).build();

    private final AtomicLong nanos = new AtomicLong();
    private final BodyBudget bodies = new BodyBudget(1_000_000);
    private final Metrics metrics = new Metrics();
    private final Exchanges exchanges = new Exchanges(bodies, clock(), CALLS_MAX);
    private EtcdPort port;
    private RawHttp2 client;

    private Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return nanos.get();
            }

            @Override
            public Instant now() {
                return Instant.EPOCH.plusNanos(nanos.get());
            }
        };
    }

    @BeforeEach
    void open() throws IOException {
        exchanges.show(metrics);
        var kv =
                new KVGrpc.KVImplBase() {
                    @Override
                    public void put(PutRequest request, StreamObserver<PutResponse> observer) {}

                    @Override
                    public void range(
                            RangeRequest request, StreamObserver<RangeResponse> observer) {
                        ByteString large = ByteString.copyFrom(new byte[BEYOND_THE_WINDOW]);
                        observer.onNext(
                                RangeResponse.newBuilder()
                                        .addKvs(KeyValue.newBuilder().setValue(large))
                                        .build());
                        observer.onCompleted();
                    }
                };
        var watch =
                new WatchGrpc.WatchImplBase() {
                    @Override
                    public StreamObserver<WatchRequest> watch(
                            StreamObserver<WatchResponse> observer) {
                        return new StreamObserver<>() {
                            @Override
                            public void onNext(WatchRequest request) {
                                observer.onNext(LARGE);
                            }

                            @Override
                            public void onError(Throwable failure) {}

                            @Override
                            public void onCompleted() {}
                        };
                    }
                };
        port =
                EtcdPort.open(
                        List.of(URI.create("http://127.0.0.1:0")),
                        new EtcdPort.Served(
                                List.of(
                                        ServerInterceptors.intercept(kv, exchanges),
                                        ServerInterceptors.intercept(watch, exchanges)),
                                exchanges,
                                new HttpPipeline(
                                        request -> Response.text(200, ""),
                                        HttpLimits.DEFAULT,
                                        bodies)),
                        EtcdConfig.parse(List.of(), Map.of()),
                        metrics);
        client =
                new RawHttp2(
                        URI.create("http://127.0.0.1:" + port.addresses().getFirst().getPort()));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        port.close();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        exchanges.sweep();
    }

    private int number(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }

    private void begun(int calls) {
        await().until(() -> number("flotilla_grpc_calls") == calls);
    }

    private boolean hasRoom(long bytes) {
        boolean room = bodies.tryTake(1 << 20, bytes);
        if (room) {
            bodies.giveBack(bytes);
        }
        return room;
    }

    @Test
    void a_request_that_stops_halfway_is_cut_after_ten_seconds_and_its_room_given_back()
            throws IOException {
        client.call(1, PUT);
        client.send(RawHttp2.DATA, 0, 1, RawHttp2.messageBegin(500_000, 10_000));
        begun(1);
        await().until(() -> !hasRoom(745_000));

        pass(Duration.ofSeconds(9));
        assertThat(number("flotilla_grpc_connections_cut_total")).isZero();
        pass(Duration.ofSeconds(2));

        assertThat(client.isCut()).isTrue();
        await().until(() -> hasRoom(745_000));
    }

    @Test
    void a_call_without_a_request_is_cut_too() throws IOException {
        client.call(1, PUT);
        begun(1);

        pass(Duration.ofSeconds(11));

        assertThat(client.isCut()).isTrue();
    }

    @Test
    void half_a_message_of_a_stream_is_cut_and_a_stream_that_is_silent_is_not() throws IOException {
        client.call(1, WATCH);
        begun(1);
        pass(Duration.ofHours(1));
        assertThat(number("flotilla_grpc_connections_cut_total")).isZero();

        client.send(RawHttp2.DATA, 0, 1, RawHttp2.messageBegin(500_000, 10_000));
        await().until(() -> !hasRoom(745_000));
        pass(Duration.ofSeconds(11));

        assertThat(client.isCut()).isTrue();
    }

    @Test
    void a_whole_request_may_wait_for_its_answer_as_long_as_it_takes() throws IOException {
        client.call(1, PUT);
        client.send(RawHttp2.DATA, END_STREAM, 1, new byte[5]);
        begun(1);
        // The server answers a ping only after what came before it.
        client.send(RawHttp2.PING, 0, 0, new byte[8]);
        client.await(RawHttp2.PING);

        pass(Duration.ofHours(1));

        assertThat(number("flotilla_grpc_connections_cut_total")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {RANGE, WATCH})
    void an_answer_that_is_not_fetched_has_its_client_cut_after_a_minute(String method)
            throws IOException {
        client.call(1, method);
        client.send(RawHttp2.DATA, method.equals(RANGE) ? END_STREAM : 0, 1, new byte[5]);
        client.await(RawHttp2.DATA);
        pass(Duration.ofSeconds(1));

        pass(Duration.ofSeconds(58));
        assertThat(number("flotilla_grpc_connections_cut_total")).isZero();
        pass(Duration.ofSeconds(3));

        assertThat(client.isCut()).isTrue();
        assertThat(number("flotilla_grpc_connections_cut_total")).isEqualTo(1);
    }

    @Test
    void a_stream_whose_client_reads_now_and_then_goes_on() throws IOException {
        int whole = 5 + LARGE.getSerializedSize();
        client.call(1, WATCH);
        client.send(RawHttp2.DATA, 0, 1, new byte[5]);
        for (int minute = 0; minute < 3; minute++) {
            int got = client.awaitData(1);
            pass(Duration.ofSeconds(59));
            client.openWindow(1, whole);
            assertThat(got + client.awaitData(whole - got)).isEqualTo(whole);
            // The server answers a ping only after what came before it.
            client.send(RawHttp2.PING, 0, 0, new byte[8]);
            client.await(RawHttp2.PING);
            client.send(RawHttp2.DATA, 0, 1, new byte[5]);
        }

        assertThat(number("flotilla_grpc_connections_cut_total")).isZero();
    }

    @Test
    void one_call_more_than_a_member_bears_is_refused() throws IOException {
        for (int i = 0; i <= CALLS_MAX; i++) {
            client.call(2 * i + 1, WATCH);
        }

        RawHttp2.Frame refusal = client.await(RawHttp2.HEADERS);

        assertThat(refusal.stream()).isEqualTo(2 * CALLS_MAX + 1);
        assertThat(number("flotilla_grpc_calls_refused_total")).isEqualTo(1);
    }
}
