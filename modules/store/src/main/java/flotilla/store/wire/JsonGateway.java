package flotilla.store.wire;

import com.google.protobuf.Message;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gRPC services as JSON over HTTP: {@code POST /v3/kv/range} and so on, as etcd's grpc-gateway
 * serves them. Field names are the protocol's, 64-bit numbers are strings, bytes base64. Answers of
 * a stream are lines, {@code {"result":...}} each.
 */
final class JsonGateway {
    /** Lists and objects within each other (etcd, through Go: 10,000). */
    static final int NESTING_MAX = 1_000;

    /** An answer that is larger is sent as its text is made, bytes. */
    private static final int WHOLE_BYTES_MAX = 64 << 10;

    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(NESTING_MAX)
                                            .build())
                            .build());

    /** What a client says to gRPC through HTTP headers, as grpc-gateway passes it on. */
    private static final String METADATA_PREFIX = "grpc-metadata-";

    private static final Pattern METADATA_NAME = Pattern.compile("[a-z0-9_.-]+(?<!-bin)");

    private final Map<String, ServerMethodDefinition<?, ?>> routes = new HashMap<>();

    /**
     * @param paths what follows {@code /v3/}
     * @param services with their interceptors; each of the methods is one of theirs
     */
    JsonGateway(Map<String, MethodDescriptor<?, ?>> paths, List<ServerServiceDefinition> services) {
        Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
        for (ServerServiceDefinition service : services) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                methods.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }
        paths.forEach((path, method) ->
                routes.put(
                        path,
                        java.util.Objects.requireNonNull(
                                methods.get(method.getFullMethodName()), path)));
    }

    /**
     * @param path what follows {@code /v3/}
     */
    Response serve(String path, Request request) throws InterruptedException {
        ServerMethodDefinition<?, ?> method = routes.get(path);
        if (method == null) {
            return Response.text(404, "Not Found\n");
        }
        if (!request.method().equals("POST")) {
            return Response.text(405, "Method Not Allowed\n");
        }
        return serve(method, request);
    }

    private static <Q, A> Response serve(ServerMethodDefinition<Q, A> method, Request request)
            throws InterruptedException {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        boolean requestsStream = !descriptor.getType().clientSendsOneMessage();
        List<Q> messages;
        try {
            messages = requestsStream ? all(request, descriptor) : one(request, descriptor);
        } catch (MessageReader.Refused e) {
            // As etcd: what begins a stream wrongly is 500, "unknown".
            Status status = requestsStream ? Status.UNKNOWN : Status.INVALID_ARGUMENT;
            return failed(status.withDescription(e.getMessage()));
        }
        GatewayCall<Q, A> call = new GatewayCall<>(descriptor);
        Metadata metadata = metadata(request);
        if (descriptor.getType() != MethodType.UNARY) {
            return new Response.Streamed(
                    200,
                    headers(),
                    sink -> {
                        Lines<A> lines = new Lines<>(sink);
                        try {
                            lines.end(
                                    call.run(
                                            method.getServerCallHandler(),
                                            metadata,
                                            messages,
                                            lines));
                        } finally {
                            call.finish();
                        }
                    });
        }
        Whole<A> whole = new Whole<>(request.gone());
        try {
            return whole.end(
                    call.run(method.getServerCallHandler(), metadata, messages, whole),
                    call::finish);
        } catch (IOException e) {
            throw new IllegalStateException("an answer in memory", e);
        }
    }

    /** The text's first value; nothing is an empty request. etcd does not look at what follows. */
    private static <Q> List<Q> one(Request request, MethodDescriptor<Q, ?> method)
            throws MessageReader.Refused {
        try (JsonParser json = MAPPER.createParser(request.text())) {
            return List.of(
                    json.nextToken() == null
                            ? prototype(method)
                            : message(json.readValueAsTree(), method));
        } catch (JacksonException e) {
            throw new MessageReader.Refused(String.valueOf(e.getOriginalMessage()));
        }
    }

    /** Every value of the text, up to where it can't be read: only the first must be right. */
    private static <Q> List<Q> all(Request request, MethodDescriptor<Q, ?> method)
            throws MessageReader.Refused {
        List<Q> messages = new ArrayList<>();
        try (JsonParser json = MAPPER.createParser(request.text())) {
            while (json.nextToken() != null) {
                messages.add(message(json.readValueAsTree(), method));
            }
        } catch (MessageReader.Refused e) {
            if (messages.isEmpty()) {
                throw e;
            }
        } catch (JacksonException e) {
            if (messages.isEmpty()) {
                throw new MessageReader.Refused(String.valueOf(e.getOriginalMessage()));
            }
        }
        return messages;
    }

    private static <Q> Q prototype(MethodDescriptor<Q, ?> method) {
        return java.util.Objects.requireNonNull(
                ((PrototypeMarshaller<Q>) method.getRequestMarshaller()).getMessagePrototype());
    }

    @SuppressWarnings("unchecked") // what is built from a Q is a Q
    private static <Q> Q message(JsonNode json, MethodDescriptor<Q, ?> method)
            throws MessageReader.Refused {
        return (Q) MessageReader.read(json, (Message) prototype(method));
    }

    private static Metadata metadata(Request request) {
        Metadata metadata = new Metadata();
        request.headers()
                .forEach((header, value) -> {
                    String name =
                            header.startsWith(METADATA_PREFIX)
                                    ? header.substring(METADATA_PREFIX.length())
                                    : header;
                    boolean meant = header.equals("authorization") || !name.equals(header);
                    if (meant && METADATA_NAME.matcher(name).matches()) {
                        metadata.put(
                                Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
                    }
                });
        return metadata;
    }

    private static Map<String, String> headers() {
        return Map.of(
                "Content-Type",
                "application/json",
                "Grpc-Metadata-Content-Type",
                "application/grpc");
    }

    private static Response failed(Status status) {
        return Response.json(httpStatus(status.getCode()), error(status));
    }

    /** etcd 3.4's error body. */
    private static String error(Status status) {
        String text = quoted(status.getDescription());
        return "{\"error\":%s,\"message\":%s,\"code\":%d}"
                .formatted(text, text, status.getCode().value());
    }

    private static String quoted(@Nullable String text) {
        return JsonText.of(com.google.protobuf.StringValue.of(text == null ? "" : text));
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

    /** The one answer of a unary call. */
    private static final class Whole<A> implements GatewayCall.Client<A> {
        private final BooleanSupplier gone;
        private @Nullable A answer;

        Whole(BooleanSupplier gone) {
            this.gone = gone;
        }

        @Override
        public void send(A message) {
            answer = message;
        }

        @Override
        public boolean gone() {
            return gone.getAsBoolean();
        }

        /**
         * @param sent called once the answer has left, or never will
         */
        Response end(Status status, Runnable sent) {
            Message message = (Message) answer;
            if (!status.isOk() || message == null) {
                sent.run();
                return failed(status);
            }
            if (message.getSerializedSize() > WHOLE_BYTES_MAX) {
                return new Response.Streamed(200, headers(), new Large(message, sent));
            }
            byte[] text = JsonText.of(message).getBytes(StandardCharsets.UTF_8);
            sent.run();
            return new Response.Whole(200, headers(), text);
        }
    }

    /** An answer whose text is not made before it is sent. */
    private record Large(Message message, Runnable sent) implements Response.StreamBody {
        @Override
        public void writeTo(Response.Sink sink) throws IOException {
            JsonText.write("", message, "", sink);
        }

        @Override
        public void ended() {
            sent.run();
        }
    }

    /** A stream's answers. */
    private record Lines<A>(Response.Sink sink) implements GatewayCall.Client<A> {
        @Override
        public void send(A message) throws IOException {
            JsonText.write("{\"result\":", (Message) message, "}\n", sink);
        }

        @Override
        public boolean gone() {
            return sink.closed();
        }

        void end(Status status) throws IOException {
            if (!status.isOk() && !sink.closed()) {
                sink.write(
                        ("{\"error\":" + error(status) + "}\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
