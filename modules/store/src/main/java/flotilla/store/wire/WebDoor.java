package flotilla.store.wire;

import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages from using a browser on this host as their way in. etcd's {@code --cors} says
 * which pages may ask, its {@code --host-whitelist} by which names this server may be called (a
 * foreign name is a page that pointed its own name here). {@code *} is anybody, as in etcd; where
 * {@code --cors} names origins, others are refused, and a POST must say that it is JSON: a page may
 * send anything else to anybody without asking first (Fetch, 3.2.2).
 */
final class WebDoor implements Handler {
    private static final String ANY = "*";

    private final Set<String> origins;
    private final Set<String> hosts;
    private final Handler inside;

    /**
     * @param origins {@code http://host:port} each, or {@code *}
     * @param hosts names or addresses without port, in lower case, or {@code *}
     */
    WebDoor(Set<String> origins, Set<String> hosts, Handler inside) {
        this.origins = origins;
        this.hosts = hosts;
        this.inside = inside;
    }

    @Override
    public Response handle(Request request) throws Exception {
        Optional<Response> refusal = refusal(request);
        return refusal.isPresent() ? refusal.get() : withCors(request, inside.handle(request));
    }

    private Optional<Response> refusal(Request request) {
        String host = host(request.header("host").orElse(""));
        if (!hosts.contains(ANY) && !hosts.contains(host)) {
            return refuse(
                    403,
                    "host \"%s\" is refused: this member answers to %s (--host-whitelist)"
                            .formatted(host, hosts));
        }
        if (origins.contains(ANY)) {
            return Optional.empty();
        }
        Optional<String> origin = request.header("origin");
        if (origin.isPresent() && !origins.contains(origin.get())) {
            return refuse(
                    403,
                    "origin \"%s\" is refused: web pages of %s may ask (--cors)"
                            .formatted(origin.get(), origins));
        }
        if (request.method().equals("POST") && !isJson(request)) {
            return refuse(415, "send JSON as Content-Type: application/json");
        }
        return Optional.empty();
    }

    private static Optional<Response> refuse(int status, String why) {
        return Optional.of(Response.text(status, why + "\n"));
    }

    private static boolean isJson(Request request) {
        String type = request.header("content-type").orElse("");
        return type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    /** Without port, and without the brackets of an IPv6 address. */
    private static String host(String header) {
        String host = header.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        return host.startsWith("[") ? host.replaceAll("[\\[\\]]", "") : host;
    }

    private Response withCors(Request request, Response response) {
        String origin = request.header("origin").orElse("");
        boolean any = origins.contains(ANY);
        if (!any && !origins.contains(origin)) {
            return response;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Headers", "accept, content-type, authorization");
        headers.put("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE");
        headers.put("Access-Control-Allow-Origin", any ? ANY : origin);
        headers.putAll(response.headers());
        return switch (response) {
            case Response.Whole whole -> new Response.Whole(whole.status(), headers, whole.body());
            case Response.Streamed streamed ->
                    new Response.Streamed(streamed.status(), headers, streamed.body());
        };
    }
}
