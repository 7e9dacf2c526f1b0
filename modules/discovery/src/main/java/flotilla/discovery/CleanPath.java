package flotilla.discovery;

import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sends a client that asks for {@code //TOKEN} or {@code /./TOKEN} to {@code /TOKEN}, as Go's mux
 * in front of discovery.etcd.io does: a base URL with a slash too many is a common mistake.
 */
final class CleanPath implements Handler {
    private final Handler next;

    CleanPath(Handler next) {
        this.next = next;
    }

    @Override
    public Response handle(Request request) throws Exception {
        String path = request.path();
        String clean = path.startsWith("/") ? clean(path) : path;
        if (clean.equals(path)) {
            return next.handle(request);
        }
        return new Response.Whole(
                301, Map.of("Location", raw(clean) + query(request)), new byte[0]);
    }

    /** Without empty segments, {@code .} and {@code ..}; a slash at the end stays. */
    static String clean(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        String clean = "/" + String.join("/", segments);
        return path.endsWith("/") && !segments.isEmpty() ? clean + "/" : clean;
    }

    private static String raw(String path) throws URISyntaxException {
        return new URI(null, null, path, null).toASCIIString();
    }

    private static String query(Request request) {
        String pairs =
                request.query().entrySet().stream()
                        .flatMap(field ->
                                field.getValue().stream()
                                        .map(value -> encode(field.getKey()) + "=" + encode(value)))
                        .collect(Collectors.joining("&"));
        return pairs.isEmpty() ? "" : "?" + pairs;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
