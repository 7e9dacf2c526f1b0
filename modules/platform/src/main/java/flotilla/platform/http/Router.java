package flotilla.platform.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Chooses a handler by method and path. A pattern's segment {@code {name}} takes any one segment, a
 * last segment <code>{name*}</code> the rest of the path with its slashes. The first route added
 * that fits wins; a GET route answers HEAD too. Unknown paths get 404, known ones asked with
 * another method 405 with {@code Allow}. Build it before serving; then it doesn't change.
 */
public final class Router implements Handler {
    private final List<Route> routes = new ArrayList<>();
    private Handler otherwise = request -> Response.text(404, "404 page not found\n");

    /** A handler that also gets what the pattern's names stood for. */
    @FunctionalInterface
    public interface PathHandler {
        Response handle(Request request, Map<String, String> path) throws Exception;
    }

    private record Route(String method, List<String> pattern, PathHandler handler) {
        boolean answers(String asked) {
            return method.equals("*")
                    || method.equals(asked)
                    || (method.equals("GET") && asked.equals("HEAD"));
        }

        Optional<Map<String, String>> match(List<String> segments) {
            Map<String, String> names = new LinkedHashMap<>();
            for (int at = 0; at < pattern.size(); at++) {
                String wanted = pattern.get(at);
                if (wanted.endsWith("*}")) {
                    String rest =
                            at < segments.size()
                                    ? String.join("/", segments.subList(at, segments.size()))
                                    : "";
                    names.put(wanted.substring(1, wanted.length() - 2), rest);
                    return Optional.of(names);
                }
                if (at >= segments.size()) {
                    return Optional.empty();
                }
                if (wanted.startsWith("{")) {
                    names.put(wanted.substring(1, wanted.length() - 1), segments.get(at));
                } else if (!wanted.equals(segments.get(at))) {
                    return Optional.empty();
                }
            }
            return segments.size() == pattern.size() ? Optional.of(names) : Optional.empty();
        }
    }

    /**
     * @param method upper case; {@code *} for any
     * @param pattern begins with a slash
     */
    public Router on(String method, String pattern, PathHandler handler) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("path pattern \"" + pattern + "\" needs a slash");
        }
        routes.add(new Route(method, segments(pattern), handler));
        return this;
    }

    /** As above, for a pattern without names. */
    public Router on(String method, String pattern, Handler handler) {
        return on(method, pattern, (request, path) -> handler.handle(request));
    }

    /** Answers what no route knows, in place of the 404. */
    public Router otherwise(Handler handler) {
        this.otherwise = handler;
        return this;
    }

    @Override
    public Response handle(Request request) throws Exception {
        List<String> segments = segments(request.path());
        SortedSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> names = route.match(segments);
            if (names.isEmpty()) {
                continue;
            }
            if (route.answers(request.method())) {
                return route.handler().handle(request, names.get());
            }
            allowed.add(route.method());
        }
        if (allowed.isEmpty()) {
            return otherwise.handle(request);
        }
        return new Response.Whole(405, Map.of("Allow", String.join(", ", allowed)), new byte[0]);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
