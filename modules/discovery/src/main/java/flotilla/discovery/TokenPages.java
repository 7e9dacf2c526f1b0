package flotilla.discovery;

import flotilla.discovery.token.Entry;
import flotilla.discovery.token.Event;
import flotilla.discovery.token.Operation;
import flotilla.discovery.token.Outcome;
import flotilla.discovery.token.Outcome.Reason;
import flotilla.discovery.token.Token;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is served under a token: listings, members, waits, and a page for people. */
final class TokenPages {
    private static final Response NOT_FOUND = Response.text(404, "404 page not found\n");

    private final TokenService tokens;

    TokenPages(TokenService tokens) {
        this.tokens = tokens;
    }

    /** {@code /TOKEN/_config/size}; it can only be read. */
    Response size(Request request, Map<String, String> path) throws IOException {
        String token = name(path);
        if (!TokenTree.TOKEN.matcher(token).matches()) {
            return NOT_FOUND;
        }
        return tokens.read(
                token,
                look ->
                        look.token()
                                .map(found -> V2.get(V2.size(found), look.index()))
                                .orElseGet(() -> missing(token + "/_config/size", look.index())));
    }

    /** {@code /TOKEN}. */
    Response token(Request request, Map<String, String> path) throws IOException {
        String token = name(path);
        if (!TokenTree.TOKEN.matcher(token).matches()) {
            return NOT_FOUND;
        }
        return switch (request.method()) {
            case "GET", "HEAD" ->
                    wants(request) ? wait(request, token, null) : list(request, token);
            case "PUT" ->
                    tokens.read(
                            token,
                            look -> V2.error(Reason.NOT_A_FILE, V2.path(token), look.index()));
            default -> notAllowed("GET, PUT");
        };
    }

    private Response list(Request request, String token) throws IOException {
        boolean forPeople = request.header("accept").orElse("").contains("text/html");
        return tokens.read(
                token,
                look -> {
                    if (look.token().isEmpty()) {
                        return missing(token, look.index());
                    }
                    Token found = look.token().get();
                    return forPeople
                            ? StatusPage.of(found)
                            : V2.get(V2.directory(found, look.nowMillis()), look.index());
                });
    }

    /** {@code /TOKEN/KEY}, and {@code /TOKEN/}. */
    Response key(Request request, Map<String, String> path) throws IOException {
        String token = name(path);
        String key = path.getOrDefault("key", "");
        if (key.isEmpty()) {
            return token(request, path);
        }
        if (key.equals("_config/size")) {
            return notAllowed("GET");
        }
        if (!TokenTree.TOKEN.matcher(token).matches() || key.contains("/")) {
            return NOT_FOUND;
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> wants(request) ? wait(request, token, key) : one(token, key);
            case "PUT" -> put(request, token, key);
            case "DELETE" -> delete(request, token, key);
            default -> notAllowed("DELETE, GET, PUT");
        };
    }

    private Response one(String token, String key) throws IOException {
        return tokens.read(
                token,
                look -> {
                    Optional<Token> found = look.token();
                    if (found.isPresent() && key.equals("_config")) {
                        return V2.get(V2.config(found.get()), look.index());
                    }
                    Optional<Entry> entry = found.flatMap(there -> there.entry(key));
                    return entry.map(there ->
                                    V2.get(V2.file(token, there, look.nowMillis()), look.index()))
                            .orElseGet(() -> missing(token + "/" + key, look.index()));
                });
    }

    private Response put(Request request, String token, String key) throws IOException {
        if (key.equals("_config")) {
            return tokens.read(
                    token,
                    look -> V2.error(Reason.NOT_A_FILE, V2.path(token + "/" + key), look.index()));
        }
        try {
            return answer(Form.of(request).put(token, key));
        } catch (Form.BadField e) {
            return tokens.read(token, look -> V2.error(e.reason(), e.cause(), look.index()));
        }
    }

    private Response delete(Request request, String token, String key) throws IOException {
        try {
            return answer(Form.delete(request, token, key));
        } catch (Form.BadField e) {
            return tokens.read(token, look -> V2.error(e.reason(), e.cause(), look.index()));
        }
    }

    private Response answer(Operation operation) throws IOException {
        TokenService.Answer answer = tokens.apply(operation);
        return switch (answer.outcome()) {
            case Outcome.Refused(Reason reason, String cause) ->
                    V2.error(
                            reason, cause.startsWith("[") ? cause : V2.path(cause), answer.index());
            case Outcome.Done(Optional<Event> event) ->
                    event.map(happened -> V2.changed(happened, answer.index()))
                            .orElseGet(() -> Response.empty(200));
        };
    }

    private static boolean wants(Request request) {
        return request.parameter("wait").orElse("").equals("true");
    }

    private Response wait(Request request, String token, @Nullable String key) throws IOException {
        String asked = request.parameter("waitIndex").orElse("0");
        long index;
        try {
            index = Long.parseLong(asked);
        } catch (NumberFormatException e) {
            return tokens.read(
                    token,
                    look ->
                            V2.error(
                                    Reason.INDEX_NOT_A_NUMBER, "waitIndex=" + asked, look.index()));
        }
        return tokens.read(
                token,
                look -> {
                    if (look.token().isEmpty()) {
                        return missing(token, look.index());
                    }
                    long from = index == 0 ? look.index() + 1 : index;
                    Optional<Long> oldest = tokens.clearedBefore(from);
                    return oldest.map(first -> cleared(first, from, look.index()))
                            .orElseGet(() -> longPoll(token, key, from, look.index()));
                });
    }

    private static Response cleared(long first, long asked, long index) {
        return V2.error(
                Reason.EVENT_INDEX_CLEARED,
                "the requested history has been cleared [" + first + "/" + asked + "]",
                index);
    }

    private Response longPoll(String token, @Nullable String key, long from, long index) {
        return new Response.Streamed(
                200,
                V2.headers(index),
                sink -> {
                    Optional<Event> event = tokens.await(token, key, from);
                    if (event.isPresent()) {
                        String json = V2.event(event.get()) + "\n";
                        sink.write(json.getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    private static String name(Map<String, String> path) {
        return path.getOrDefault("token", "");
    }

    private static Response missing(String key, long index) {
        return V2.error(Reason.KEY_NOT_FOUND, V2.path(key), index);
    }

    private static Response notAllowed(String allowed) {
        return new Response.Whole(405, Map.of("Allow", allowed), new byte[0]);
    }
}
