package flotilla.store.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC services as JSON over HTTP: {@code POST /v3/kv/range} and so on, as etcd's grpc-gateway
 * serves them. Field names are the protocol's, 64-bit numbers are strings, bytes base64.
 */
final class JsonGateway {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private final Map<String, Route> routes = new HashMap<>();

    private interface Route {
        Response serve(Request request) throws InterruptedException;
    }

    /** Adds a call of one request and one answer. */
    <Q extends Message, A extends Message> void unary(
            String path, Q prototype, BiConsumer<Q, StreamObserver<A>> call) {
        routes.put(path, request -> whole(request, prototype, call));
    }

    /** Adds a call whose answers are streamed, a line each. */
    <Q extends Message, A extends Message> void streaming(
            String path, Q prototype, LineStream.Open<Q, A> open) {
        routes.put(
                path,
                request -> {
                    Q message;
                    try {
                        message = parse(request, prototype);
                    } catch (InvalidProtocolBufferException e) {
                        return unreadable(e);
                    }
                    return new Response.Streamed(
                            200, headers(), sink -> new LineStream<A>(sink).run(message, open));
                });
    }

    /**
     * @param path what follows {@code /v3/}
     */
    Response serve(String path, Request request) throws InterruptedException {
        Route route = routes.get(path);
        if (route == null) {
            return Response.text(404, "Not Found\n");
        }
        if (!request.method().equals("POST")) {
            return Response.text(405, "Method Not Allowed\n");
        }
        return route.serve(request);
    }

    private static <Q extends Message, A extends Message> Response whole(
            Request request, Q prototype, BiConsumer<Q, StreamObserver<A>> call)
            throws InterruptedException {
        CompletableFuture<A> answer = new CompletableFuture<>();
        try {
            call.accept(parse(request, prototype), new FirstAnswer<>(answer));
            return new Response.Whole(200, headers(), utf8(print(answer.get())));
        } catch (InvalidProtocolBufferException e) {
            return unreadable(e);
        } catch (ExecutionException e) {
            return failed(Reply.status(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static <Q extends Message> Q parse(Request request, Q prototype)
            throws InvalidProtocolBufferException {
        Message.Builder builder = prototype.newBuilderForType();
        String text = request.text();
        PARSER.merge(text.isBlank() ? "{}" : text, builder);
        @SuppressWarnings("unchecked")
        Q message = (Q) builder.build();
        return message;
    }

    static String print(Message message) throws InvalidProtocolBufferException {
        return PRINTER.print(message);
    }

    private static Map<String, String> headers() {
        return Map.of(
                "Content-Type",
                "application/json",
                "Grpc-Metadata-Content-Type",
                "application/grpc");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Response unreadable(InvalidProtocolBufferException e) {
        return failed(
                Status.INVALID_ARGUMENT
                        .withDescription(String.valueOf(e.getMessage()))
                        .asRuntimeException());
    }

    private static Response failed(StatusRuntimeException failure) {
        return Response.json(httpStatus(failure.getStatus().getCode()), error(failure.getStatus()));
    }

    /** etcd 3.4's error body. */
    static String error(Status status) {
        String text = quoted(status.getDescription());
        return "{\"error\":%s,\"message\":%s,\"code\":%d}"
                .formatted(text, text, status.getCode().value());
    }

    private static String quoted(@Nullable String text) {
        try {
            return PRINTER.print(com.google.protobuf.StringValue.of(text == null ? "" : text));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a string prints as JSON", e);
        }
    }

    /** As grpc-gateway maps codes. */
    private static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 408;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case DEADLINE_EXCEEDED -> 504;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case PERMISSION_DENIED -> 403;
            case UNAUTHENTICATED -> 401;
            case RESOURCE_EXHAUSTED -> 429;
            case FAILED_PRECONDITION -> 412;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    /** Waits for the one answer of a unary call. */
    private record FirstAnswer<A>(CompletableFuture<A> answer) implements StreamObserver<A> {
        @Override
        public void onNext(A message) {
            answer.complete(message);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }
}
