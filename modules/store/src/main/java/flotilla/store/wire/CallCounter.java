package flotilla.store.wire;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts calls under the names of go-grpc-prometheus, which etcd uses. */
final class CallCounter implements ServerInterceptor {
    private final Counter started;
    private final Counter handled;

    CallCounter(PrometheusRegistry registry) {
        started =
                Counter.builder()
                        .name("grpc_server_started")
                        .help("RPCs started on the server.")
                        .labelNames("grpc_method", "grpc_service", "grpc_type")
                        .register(registry);
        handled =
                Counter.builder()
                        .name("grpc_server_handled")
                        .help("RPCs completed on the server, whatever the outcome.")
                        .labelNames("grpc_code", "grpc_method", "grpc_service", "grpc_type")
                        .register(registry);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        String name = String.valueOf(method.getBareMethodName());
        String service = String.valueOf(method.getServiceName());
        String type = type(method.getType());
        started.labelValues(name, service, type).inc();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        handled.labelValues(goName(status.getCode()), name, service, type).inc();
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
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }
}
