package flotilla.store.wire;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.log.ReplicatedLog;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * etcd's {@code hasleader} metadata: a client that asks for it is refused at once by a member that
 * knows no leader, instead of waiting for the request timeout.
 */
final class RequireLeader implements ServerInterceptor {
    static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<Boolean> ASKED = Context.key("hasleader");

    private final ReplicatedLog log;

    RequireLeader(ReplicatedLog log) {
        this.log = log;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!"true".equals(headers.get(HAS_LEADER))) {
            return next.startCall(call, headers);
        }
        if (!log.status().hasLeader()) {
            call.close(Reply.status(EtcdError.NO_LEADER), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(ASKED, true), call, headers, next);
    }

    /** Whether the call being served asked for a leader. */
    static boolean asked() {
        return Boolean.TRUE.equals(ASKED.get());
    }
}
