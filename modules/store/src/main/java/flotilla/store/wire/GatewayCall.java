package flotilla.store.wire;

import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A call that came as HTTP: served by the very handlers that serve gRPC, behind the same
 * interceptors. Whoever runs it is its only caller, as gRPC promises to a listener.
 */
final class GatewayCall<Q, A> extends ServerCall<Q, A> {
    /** Bytes of answers waiting to be written; beyond it the source waits, as with gRPC. */
    private static final long WAITING_BYTES = 32 << 10;

    /** How often a silent call looks whether its client is still there. */
    private static final long LOOK_SECONDS = 1;

    private final MethodDescriptor<Q, A> method;
    private final LinkedBlockingQueue<Line<A>> lines = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean cancelled;

    /** Whoever serves, once the answers are there and until they have left. */
    private @Nullable Listener<Q> served;

    GatewayCall(MethodDescriptor<Q, A> method) {
        this.method = method;
    }

    private sealed interface Line<A> {
        record Answer<A>(A message) implements Line<A> {}

        /** Another request is wanted. */
        record More<A>() implements Line<A> {}

        record End<A>(Status status) implements Line<A> {}
    }

    /** Where the answers go. */
    interface Client<A> {
        void send(A answer) throws IOException;

        /** Whether nobody listens any more. */
        boolean gone();
    }

    /**
     * Blocks until the call or its client is over, and returns how it ended. {@link #finish} must
     * follow.
     */
    Status run(ServerCallHandler<Q, A> handler, Metadata headers, List<Q> requests, Client<A> to)
            throws IOException, InterruptedException {
        Listener<Q> listener = handler.startCall(this, headers);
        boolean over = false;
        try {
            listener.onReady();
            Iterator<Q> left = requests.iterator();
            boolean open = true;
            while (!to.gone()) {
                open = open && deliver(listener, left);
                Line<A> line = lines.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (line instanceof Line.Answer<A>(A message)) {
                    waiting.addAndGet(-bytes(message));
                    to.send(message);
                    listener.onReady();
                } else if (line instanceof Line.End<A>(Status status)) {
                    over = true;
                    served = listener;
                    return status;
                }
            }
            return Status.CANCELLED;
        } finally {
            if (!over) {
                cancelled = true;
                listener.onCancel();
            }
        }
    }

    /** What was answered has left, or never will. */
    void finish() {
        if (served != null) {
            served.onComplete();
            served = null;
        }
    }

    /** Hands over as many requests as are wanted; false once there are no more. */
    private boolean deliver(Listener<Q> listener, Iterator<Q> left) {
        while (left.hasNext()) {
            if (wanted.get() <= 0) {
                return true;
            }
            wanted.decrementAndGet();
            listener.onMessage(left.next());
        }
        listener.onHalfClose();
        return false;
    }

    @Override
    public void request(int count) {
        wanted.addAndGet(count);
        lines.add(new Line.More<>());
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(A message) {
        waiting.addAndGet(bytes(message));
        lines.add(new Line.Answer<>(message));
    }

    @Override
    public boolean isReady() {
        return waiting.get() < WAITING_BYTES;
    }

    private static long bytes(Object message) {
        return ((MessageLite) message).getSerializedSize();
    }

    @Override
    public void close(Status status, Metadata trailers) {
        lines.add(new Line.End<>(status));
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Attributes getAttributes() {
        return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
    }
}
