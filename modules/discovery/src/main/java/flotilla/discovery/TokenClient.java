package flotilla.discovery;

import flotilla.discovery.DiscoveryException.Kind;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of the joining side, and what their answers mean. */
final class TokenClient {
    /** How long one wait lasts before the members are listed anew. */
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final int KEY_NOT_FOUND = 100;
    private static final int ALREADY_EXISTS = 105;

    private final URI url;
    private final HttpCaller quick;
    private final HttpCaller patient;

    /** A node of v2's JSON. */
    record Node(
            String key,
            @Nullable String value,
            boolean dir,
            @Nullable List<Node> nodes,
            long createdIndex) {
        String name() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    /** Any of v2's answers. */
    record Answer(@Nullable Node node, int errorCode, @Nullable String message) {}

    /**
     * @param members in the order of registration
     * @param index at which they were so
     */
    record Listing(List<Node> members, long index) {
        int position(String id) {
            return members.stream().map(Node::name).toList().indexOf(id);
        }
    }

    TokenClient(URI url, HttpCaller caller) {
        this.url = url;
        this.quick = caller.timeout(ANSWER_MAX);
        this.patient = caller.timeout(WAIT_MAX);
    }

    static URI checked(URI url) throws DiscoveryException {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean token = url.getPath() != null && url.getPath().length() > 1;
        if (!http || url.getHost() == null || !token || url.getQuery() != null) {
            throw new DiscoveryException(
                    Kind.INVALID_URL,
                    "invalid URL \"" + url + "\": a discovery URL is http://HOST:PORT/TOKEN");
        }
        return url;
    }

    URI url() {
        return url;
    }

    /** What to type for a new token. */
    String newTokenHint(int size) {
        String text = url.toString().replaceAll("/+$", "");
        return "curl '" + text.substring(0, text.lastIndexOf('/')) + "/new?size=" + size + "'";
    }

    int size() throws IOException, DiscoveryException {
        Answer answer = answer(quick.get("/_config/size"));
        if (answer.errorCode() == KEY_NOT_FOUND) {
            throw unknown();
        }
        String value = String.valueOf(node(answer).value());
        return positive(value)
                .orElseThrow(() ->
                        new DiscoveryException(
                                Kind.BAD_SIZE, "size key is bad: \"" + value + "\" under " + url));
    }

    private static Optional<Integer> positive(String text) {
        try {
            return Optional.of(Integer.valueOf(text)).filter(number -> number > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private DiscoveryException unknown() {
        return new DiscoveryException(
                Kind.SIZE_NOT_FOUND,
                "size key not found: no token %s, or it is forgotten after a week; make a new one with %s"
                        .formatted(url, newTokenHint(3)));
    }

    Listing list() throws IOException, DiscoveryException {
        Reply reply = quick.get("");
        Answer answer = answer(reply);
        if (answer.errorCode() == KEY_NOT_FOUND) {
            throw unknown();
        }
        List<Node> nodes = node(answer).nodes();
        List<Node> members = new ArrayList<>(nodes == null ? List.of() : nodes);
        members.removeIf(node -> node.name().startsWith("_"));
        members.sort(Comparator.comparingLong(Node::createdIndex));
        String index = reply.header("X-Etcd-Index").orElse("0");
        return new Listing(members, index.matches("[0-9]{1,18}") ? Long.parseLong(index) : 0);
    }

    /** False when the id is there already. */
    boolean register(Self self) throws IOException, DiscoveryException {
        String form = "value=" + URLEncoder.encode(value(self), StandardCharsets.UTF_8);
        Answer answer =
                answer(
                        quick.call(
                                "PUT",
                                "/" + self.id() + "?prevExist=false",
                                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                                form.getBytes(StandardCharsets.UTF_8)));
        if (answer.errorCode() == KEY_NOT_FOUND) {
            throw unknown();
        }
        return answer.errorCode() != ALREADY_EXISTS && node(answer) != null;
    }

    /** Whether the id is there with exactly what we would have put. */
    boolean isRegistered(Self self) throws IOException, DiscoveryException {
        Answer answer = answer(quick.get("/" + self.id()));
        return answer.errorCode() == 0 && value(self).equals(node(answer).value());
    }

    void withdraw(Self self) throws IOException, DiscoveryException {
        answer(quick.delete("/" + self.id()));
    }

    /** Blocks until something is different since an index, or might be. */
    void awaitChange(long index) throws IOException {
        var _ = patient.get("?wait=true&recursive=true&waitIndex=" + index);
    }

    private static String value(Self self) {
        return String.join(
                ",", self.peerUrls().stream().map(peer -> self.name() + "=" + peer).toList());
    }

    static Registered registered(Node node) throws DiscoveryException {
        String value = node.value() == null ? "" : node.value();
        List<String> urls = new ArrayList<>();
        String name = "";
        for (String part : value.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1 || !isUrl(part.substring(equals + 1))) {
                throw new DiscoveryException(
                        Kind.INVALID_MEMBER,
                        "invalid URL: member %s registered \"%s\", which is not name=http://host:port"
                                .formatted(node.name(), value));
            }
            name = part.substring(0, equals);
            urls.add(part.substring(equals + 1));
        }
        return new Registered(node.name(), name, urls);
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() > 0;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** An answer of v2, or an {@link IOException} for what may pass. */
    private Answer answer(Reply reply) throws IOException, DiscoveryException {
        if (reply.status() >= 500 || reply.status() == 429) {
            throw new IOException(url + " answered " + reply.status() + ": " + firstLine(reply));
        }
        try {
            Answer answer = Json.read(reply.text(), Answer.class);
            if (answer.node() == null && answer.errorCode() == 0) {
                throw badEndpoint(reply);
            }
            return answer;
        } catch (Json.JsonException e) {
            throw badEndpoint(reply);
        }
    }

    private Node node(Answer answer) throws DiscoveryException {
        Node node = answer.node();
        if (node == null) {
            throw new DiscoveryException(
                    Kind.BAD_ENDPOINT,
                    "%s refused: error %d, %s"
                            .formatted(url, answer.errorCode(), answer.message()));
        }
        return node;
    }

    private DiscoveryException badEndpoint(Reply reply) {
        return new DiscoveryException(
                Kind.BAD_ENDPOINT,
                "bad discovery endpoint: %s answered %d \"%s\" where a token service answers JSON; check the URL"
                        .formatted(url, reply.status(), firstLine(reply)));
    }

    private static String firstLine(Reply reply) {
        String line = reply.text().lines().findFirst().orElse("");
        return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }
}
