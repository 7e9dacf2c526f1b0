package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.store.apply.refusal.EtcdError;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the calls that clients keep open, watches and renewals: a member bears so many. */
final class OpenStreams implements ServerInterceptor {
    /** One stream for so many bytes of the heap: about what one takes while its client is slow. */
    private static final long HEAP_BYTES_PER_STREAM = 32 << 10;

    private final long most;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param most 0 for as many as the heap bears
     */
    OpenStreams(int most) {
        this.most = most > 0 ? most : MemoryBudget.ofThisJvm().heapBytes() / HEAP_BYTES_PER_STREAM;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
            return next.startCall(call, headers);
        }
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            // Not with etcd's code, Unknown: this one clients know to try again later.
            call.close(
                    Status.RESOURCE_EXHAUSTED.withDescription(EtcdError.TOO_MANY_REQUESTS.text()),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return new Counted<>(next.startCall(call, headers));
    }

    /** gRPC calls one of its ends, once. */
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        Counted(ServerCall.Listener<Q> stream) {
            super(stream);
        }

        @Override
        public void onComplete() {
            open.decrementAndGet();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            open.decrementAndGet();
            super.onCancel();
        }
    }
}
