package flotilla.store.wire;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.platform.Clock;
import flotilla.platform.http.BodyBudget;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import flotilla.platform.metrics.Metrics;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.boot.EtcdConfig;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the JSON gateway that ask for much and read nothing, at a real port. */
class GatewayUnreadTest {
    private static final HttpLimits HASTY =
            new HttpLimits(1 << 20, 8 << 20, 10, Duration.ofMillis(200));

    /** More than the system takes for a client that reads nothing. */
    private static final int LARGE = 32 << 20;

    private static final int EVENT = 64 << 10;

    private final AtomicInteger callsOver = new AtomicInteger();
    private final Metrics metrics = new Metrics();

    private BindableService watch() {
        WatchResponse event = WatchResponse.newBuilder().setCancelReason("x".repeat(EVENT)).build();
        return new WatchGrpc.WatchImplBase() {
            @Override
            public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
                var client = (ServerCallStreamObserver<WatchResponse>) observer;
                client.setOnCancelHandler(callsOver::incrementAndGet);
                client.setOnReadyHandler(() -> {
                    while (client.isReady()) {
                        client.onNext(event);
                    }
                });
                return new StreamObserver<>() {
                    @Override
                    public void onNext(WatchRequest request) {}

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {}
                };
            }
        };
    }

    private BindableService kv() {
        ByteString value = ByteString.copyFrom(new byte[LARGE]);
        return new KVGrpc.KVImplBase() {
            @Override
            public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
                ((ServerCallStreamObserver<RangeResponse>) observer)
                        .setOnCloseHandler(callsOver::incrementAndGet);
                observer.onNext(
                        RangeResponse.newBuilder()
                                .addKvs(KeyValue.newBuilder().setValue(value))
                                .build());
                observer.onCompleted();
            }
        };
    }

    private EtcdPort open() throws IOException {
        BodyBudget bodies = new BodyBudget(HASTY.bodiesBytes());
        Exchanges exchanges = new Exchanges(bodies, Clock.system(), 10);
        List<ServerServiceDefinition> services =
                Stream.of(watch(), kv())
                        .map(service -> ServerInterceptors.intercept(service, exchanges))
                        .toList();
        Map<String, MethodDescriptor<?, ?>> paths =
                Map.of("watch", WatchGrpc.getWatchMethod(), "kv/range", KVGrpc.getRangeMethod());
        JsonGateway gateway = new JsonGateway(paths, services);
        return EtcdPort.open(
                List.of(URI.create("http://127.0.0.1:0")),
                new EtcdPort.Served(
                        services,
                        exchanges,
                        new HttpPipeline(
                                request ->
                                        gateway.serve(
                                                request.path().substring("/v3/".length()), request),
                                HASTY,
                                bodies)),
                EtcdConfig.parse(List.of(), Map.of()),
                metrics);
    }

    private boolean shows(String line) {
        return metrics.text().lines().anyMatch(line::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watch", "kv/range"})
    void an_answer_that_is_not_read_is_given_up_and_its_call_is_over(String path)
            throws IOException {
        EtcdPort port = open();
        try (SocketChannel client = SocketChannel.open(port.addresses().getFirst())) {
            String body = "{}";
            client.write(
                    ByteBuffer.wrap(
                            "POST /v3/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(path, body.length(), body)
                                    .getBytes(StandardCharsets.US_ASCII)));

            await().until(() -> shows("flotilla_connections_unread_total 1.0"));

            await().until(() -> shows("flotilla_connections 0.0"));
            await().until(() -> callsOver.get() == 1);
        } finally {
            port.close();
        }
    }
}
