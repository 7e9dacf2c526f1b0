package flotilla.store.wire;

import flotilla.platform.metrics.Metrics;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;

/** Counts calls under the names of go-grpc-prometheus, which etcd uses. */
final class CallCounter implements ServerInterceptor {
    private final Metrics.Count started;
    private final Metrics.Count handled;

    CallCounter(Metrics metrics) {
        started =
                metrics.counter(
                        "grpc_server_started_total",
                        "RPCs started on the server.",
                        "grpc_method",
                        "grpc_service",
                        "grpc_type");
        handled =
                metrics.counter(
                        "grpc_server_handled_total",
                        "RPCs completed on the server, whatever the outcome.",
                        "grpc_code",
                        "grpc_method",
                        "grpc_service",
                        "grpc_type");
    }

    /** Every call and outcome is there from the start, at 0, as in etcd: rates need that. */
    void announce(ServiceDescriptor service) {
        for (MethodDescriptor<?, ?> method : service.getMethods()) {
            String name = String.valueOf(method.getBareMethodName());
            String type = type(method.getType());
            started.add(0, name, service.getName(), type);
            for (Status.Code code : Status.Code.values()) {
                handled.add(0, goName(code), name, service.getName(), type);
            }
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        String name = String.valueOf(method.getBareMethodName());
        String service = String.valueOf(method.getServiceName());
        String type = type(method.getType());
        started.increment(name, service, type);
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        handled.increment(goName(status.getCode()), name, service, type);
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private static String type(MethodDescriptor.MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_stream";
            case SERVER_STREAMING -> "server_stream";
            default -> "bidi_stream";
        };
    }

    /** {@code INVALID_ARGUMENT} is {@code InvalidArgument} there. */
    private static String goName(Status.Code code) {
        if (code == Status.Code.OK) {
            return "OK";
        }
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }
}
