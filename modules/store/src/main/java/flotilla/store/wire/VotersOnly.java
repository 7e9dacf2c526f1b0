package flotilla.store.wire;

import flotilla.protocol.RangeRequest;
import flotilla.protocol.StatusRequest;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.log.ReplicatedLog;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * What a learner serves clients: its status and serializable ranges (etcd's rule, 3.4). The rest is
 * refused, so that they go to a member that votes.
 */
final class VotersOnly implements ServerInterceptor {
    private final ReplicatedLog log;

    VotersOnly(ReplicatedLog log) {
        this.log = log;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!log.status().learner()) {
            return next.startCall(call, headers);
        }
        if (!call.getMethodDescriptor().getType().clientSendsOneMessage()
                || !call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            call.close(Reply.status(EtcdError.NOT_FOR_LEARNERS), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return new AtLearner<>(call, next.startCall(call, headers));
    }

    private static boolean isServed(Object request) {
        return switch (request) {
            case RangeRequest range -> range.getSerializable();
            case StatusRequest _ -> true;
            default -> false;
        };
    }

    /** A call whose request has yet to come in. */
    private static final class AtLearner<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean refused;

        AtLearner(ServerCall<Q, ?> call, ServerCall.Listener<Q> served) {
            super(served);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            refused = !isServed(message);
            if (refused) {
                call.close(Reply.status(EtcdError.NOT_FOR_LEARNERS), new Metadata());
            } else {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
