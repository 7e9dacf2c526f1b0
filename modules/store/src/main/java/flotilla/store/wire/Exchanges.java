package flotilla.store.wire;

import flotilla.platform.Clock;
import flotilla.platform.http.BodyBudget;
import flotilla.platform.metrics.Metrics;
import flotilla.store.apply.refusal.EtcdError;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All gRPC calls of a member: so many at once and no more, and none that waits for its client for
 * ever. A connection whose client stops in the middle of a request is cut, as in HTTP.
 */
final class Exchanges extends ServerStreamTracer.Factory implements ServerInterceptor {
    /** Heap for each call that may be open: several times what one takes. */
    private static final int HEAP_BYTES_PER_CALL = 32 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

    private final BodyBudget bodies;
    private final Clock clock;
    private final int most;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param most calls open at once; one more is refused with "too many requests"
     */
    Exchanges(BodyBudget bodies, Clock clock, int most) {
        this.bodies = bodies;
        this.clock = clock;
        this.most = most;
    }

    /** As many calls as a heap bears. */
    static int most(long heapBytes) {
        return Math.toIntExact(Math.clamp(heapBytes / HEAP_BYTES_PER_CALL, 256, 100_000));
    }

    void show(Metrics metrics) {
        metrics.gauge("flotilla_grpc_calls", "Calls that are open.", open::size);
        metrics.gauge("flotilla_grpc_calls_max", "Calls that may be open.", () -> most);
        metrics.counter(
                "flotilla_grpc_calls_refused_total",
                "Calls refused because too many were open.",
                refused::get);
        metrics.counter(
                "flotilla_grpc_connections_cut_total",
                "Connections whose client took too long to send a request or fetch an answer.",
                cuts::get);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        Exchange exchange = new Exchange(bodies, clock, open::remove);
        open.add(exchange);
        return exchange;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Exchange exchange = Exchange.current();
        if (exchange == null) {
            return next.startCall(call, headers);
        }
        if (open.size() > most) {
            refused.incrementAndGet();
            call.close(Reply.status(EtcdError.TOO_MANY_REQUESTS), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        MethodType type = call.getMethodDescriptor().getType();
        Channel connection = call.getAttributes().get(ProtocolSniffer.CONNECTION);
        exchange.begins(type, call::isReady, () -> cut(connection));
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onHalfClose() {
                exchange.requestIsWhole();
                super.onHalfClose();
            }

            @Override
            public void onReady() {
                exchange.reads();
                super.onReady();
            }
        };
    }

    /** Past gRPC, which would wait for the calls that are open: that is for those who take part. */
    private static void cut(Channel connection) {
        connection.eventLoop().execute(() -> connection.unsafe().close(connection.voidPromise()));
    }

    /** Cuts the connections of clients that take too long; to be called every few seconds. */
    void sweep() {
        for (Exchange exchange : open) {
            if (exchange.late()) {
                cuts.incrementAndGet();
                log.info("cutting a connection: its client took too long for a request or answer");
                exchange.cut();
            }
        }
    }
}
