package flotilla.store.wire;

import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.store.boot.EtcdVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What the port serves to plain HTTP clients: health, version, metrics and the JSON gateway. */
final class HttpApi implements Handler {
    private final Health health;
    private final JsonGateway gateway;
    private final Supplier<String> metrics;
    private final IntSupplier level;

    /**
     * @param level the cluster's feature level
     */
    HttpApi(Health health, JsonGateway gateway, Supplier<String> metrics, IntSupplier level) {
        this.health = health;
        this.gateway = gateway;
        this.metrics = metrics;
        this.level = level;
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
            case "/health" -> getOnly(request, health.health(request));
            case "/livez" -> getOnly(request, health.live());
            case "/readyz" -> getOnly(request, health.ready());
            case "/version" ->
                    getOnly(
                            request,
                            Response.json(
                                    200,
                                    "{\"etcdserver\":\"%s\",\"etcdcluster\":\"%s\"}"
                                            .formatted(
                                                    EtcdVersion.SERVER,
                                                    EtcdVersion.cluster(level.getAsInt()))));
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

    private Response metrics() {
        return new Response.Whole(
                200,
                Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
                metrics.get().getBytes(StandardCharsets.UTF_8));
    }
}
