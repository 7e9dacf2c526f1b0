package flotilla.store.wire;

import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.store.boot.EtcdVersion;
import flotilla.store.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What the port serves to plain HTTP clients: health, version, metrics and the JSON gateway. */
final class HttpApi implements Handler {
    /** How long a health check waits for a linearizable read (etcd's). */
    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(1);

    private final ReplicatedLog log;
    private final JsonGateway gateway;
    private final Supplier<String> metrics;
    private final Supplier<Optional<String>> trouble;

    /**
     * @param trouble why this member can't go on, once it can't
     */
    HttpApi(
            ReplicatedLog log,
            JsonGateway gateway,
            Supplier<String> metrics,
            Supplier<Optional<String>> trouble) {
        this.log = log;
        this.gateway = gateway;
        this.metrics = metrics;
        this.trouble = trouble;
    }

    @Override
    public Response handle(Request request) throws InterruptedException {
        String path = request.path();
        if (request.method().equals("OPTIONS")) {
            return Response.empty(200);
        }
        for (String prefix : new String[] {"/v3/", "/v3beta/"}) {
            if (path.startsWith(prefix)) {
                return gateway.serve(path.substring(prefix.length()), request);
            }
        }
        return switch (path) {
            case "/health" -> getOnly(request, health(request));
            case "/livez" ->
                    getOnly(
                            request,
                            trouble.get()
                                    .map(why -> Response.text(503, why))
                                    .orElseGet(() -> Response.text(200, "ok")));
            case "/readyz" -> getOnly(request, ready());
            case "/version" ->
                    getOnly(
                            request,
                            Response.json(
                                    200,
                                    "{\"etcdserver\":\"%s\",\"etcdcluster\":\"%s\"}"
                                            .formatted(EtcdVersion.SERVER, EtcdVersion.CLUSTER)));
            case "/metrics" -> getOnly(request, metrics());
            default -> Response.text(404, "404 page not found\n");
        };
    }

    private static Response getOnly(Request request, Response response) {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return response;
        }
        byte[] body = "Method Not Allowed\n".getBytes(StandardCharsets.UTF_8);
        return new Response.Whole(
                405, Map.of("Allow", "GET", "Content-Type", "text/plain; charset=utf-8"), body);
    }

    private Response health(Request request) throws InterruptedException {
        boolean serializable =
                request.parameter("serializable").filter(value -> value.equals("true")).isPresent();
        Optional<String> why = trouble.get();
        boolean healthy = why.isEmpty() && (serializable || readable());
        // A reason is etcd 3.5's; 3.4 has none to give.
        String body =
                why.map(reason ->
                                "{\"health\":\"false\",\"reason\":%s}"
                                        .formatted(Json.write(reason)))
                        .orElseGet(() -> "{\"health\":\"%s\"}".formatted(healthy));
        return new Response.Whole(
                healthy ? 200 : 503,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Response ready() throws InterruptedException {
        Optional<String> why = trouble.get();
        if (why.isPresent()) {
            return Response.text(503, why.get());
        }
        return readable() ? Response.text(200, "ok") : Response.text(503, "no leader");
    }

    /** Whether a linearizable read would be answered: the member has a leader and a majority. */
    private boolean readable() throws InterruptedException {
        try {
            log.readBarrier().get(HEALTH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private Response metrics() {
        return new Response.Whole(
                200,
                Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
                metrics.get().getBytes(StandardCharsets.UTF_8));
    }
}
