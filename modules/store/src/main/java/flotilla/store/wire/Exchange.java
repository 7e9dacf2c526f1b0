package flotilla.store.wire;

import flotilla.platform.Clock;
import flotilla.platform.http.BodyBudget;
import flotilla.store.apply.refusal.EtcdError;
import io.grpc.Context;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one gRPC call holds before its request is whole, and how long its client takes to send it
 * and to fetch the answer. A request's bytes count as an HTTP body's do, while they come.
 *
 * <pre>
 * REST     -> ARRIVING   a call that sends one request begins; a byte of a message comes
 * ARRIVING -> REST       the request (of a stream: the message) is whole
 * REST     -> LEAVING    a call with one answer has it
 * </pre>
 *
 * <p>A call with many answers may be at any stage while its client leaves them unread: that is told
 * by what gRPC takes ahead of the client, which it does not take more of for as long.
 *
 * <p>gRPC tells it all on the connection's event loop; {@link #late} is for any thread.
 */
final class Exchange extends ServerStreamTracer {
    /** Between two pieces of a request, as in HTTP. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    /**
     * From a request's beginning to its end, and from an answer's to the client's having it; of
     * many answers, until gRPC takes more.
     */
    static final Duration ALL_MAX = Duration.ofSeconds(60);

    private static final Context.Key<Exchange> CURRENT = Context.key("exchange");

    private final BodyBudget bodies;
    private final Clock clock;
    private final Consumer<Exchange> onClose;
    private Stage stage = Stage.REST;
    private boolean oneRequest;
    private boolean oneAnswer;
    private BooleanSupplier ready = () -> true;
    private Runnable cut = () -> {};
    private long readyNanos;
    private long reservedBytes;
    private long sinceNanos;
    private long heardNanos;

    private enum Stage {
        REST,
        ARRIVING,
        LEAVING
    }

    Exchange(BodyBudget bodies, Clock clock, Consumer<Exchange> onClose) {
        this.bodies = bodies;
        this.clock = clock;
        this.onClose = onClose;
    }

    /** That of the call that is being started; null when the call did not come by gRPC. */
    static @Nullable Exchange current() {
        return CURRENT.get();
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(CURRENT, this);
    }

    /**
     * @param taking whether gRPC takes more answers for the client
     * @param cutting ends the connection
     */
    synchronized void begins(MethodType type, BooleanSupplier taking, Runnable cutting) {
        boolean sendsOne = type.clientSendsOneMessage();
        oneRequest = sendsOne;
        oneAnswer = type.serverSendsOneMessage();
        ready = taking;
        cut = cutting;
        readyNanos = clock.nanos();
        if (sendsOne && stage == Stage.REST) {
            enter(Stage.ARRIVING);
        }
    }

    private void enter(Stage next) {
        stage = next;
        sinceNanos = clock.nanos();
        heardNanos = sinceNanos;
    }

    /**
     * @throws io.grpc.StatusRuntimeException which gRPC makes the call's end
     */
    @Override
    public synchronized void inboundWireSize(long bytes) {
        if (stage == Stage.REST) {
            enter(Stage.ARRIVING);
        }
        heardNanos = clock.nanos();
        if (!bodies.tryTake(reservedBytes, bytes)) {
            throw Reply.status(EtcdError.TOO_MANY_REQUESTS).asRuntimeException();
        }
        reservedBytes += bytes;
    }

    @Override
    public synchronized void inboundMessageRead(int number, long wireBytes, long bytes) {
        giveBack();
        if (!oneRequest) {
            stage = Stage.REST;
        }
    }

    /** The client has no more to send. */
    synchronized void requestIsWhole() {
        if (stage == Stage.ARRIVING) {
            stage = Stage.REST;
        }
    }

    /** The client has read on, so that gRPC takes more answers. */
    synchronized void reads() {
        readyNanos = clock.nanos();
    }

    @Override
    public synchronized void outboundMessage(int number) {
        if (oneRequest && oneAnswer) {
            enter(Stage.LEAVING);
        }
    }

    @Override
    public void streamClosed(Status status) {
        synchronized (this) {
            giveBack();
            stage = Stage.REST;
        }
        onClose.accept(this);
    }

    private void giveBack() {
        bodies.giveBack(reservedBytes);
        reservedBytes = 0;
    }

    /** Whether its client takes too long. */
    synchronized boolean late() {
        long now = clock.nanos();
        if (oneAnswer || ready.getAsBoolean()) {
            readyNanos = now;
        }
        boolean unread = now - readyNanos > ALL_MAX.toNanos();
        return switch (stage) {
            case REST -> unread;
            case ARRIVING ->
                    unread
                            || now - heardNanos > SILENCE_MAX.toNanos()
                            || now - sinceNanos > ALL_MAX.toNanos();
            case LEAVING -> now - sinceNanos > ALL_MAX.toNanos();
        };
    }

    void cut() {
        Runnable cutting;
        synchronized (this) {
            cutting = cut;
        }
        cutting.run();
    }
}
