package flotilla.discovery;

import flotilla.discovery.token.Outcome;
import flotilla.platform.Clock;
import flotilla.platform.door.RateLimit;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.http.Router;
import flotilla.platform.metrics.Metrics;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token service: discovery.etcd.io's protocol with a store of its own. {@code /new?size=3}
 * gives a token's URL, under which members register and wait for each other.
 */
public final class DiscoveryServer implements AutoCloseable {
    /** New tokens a second, for one client's address; one more is answered 429. */
    static final int NEW_PER_SECOND = 20;

    /** New tokens at once for one client, after a quiet time. */
    static final int NEW_BURST = 200;

    /** Clients told apart within the ten seconds that a burst takes to come back: some 2 MB. */
    static final int CLIENTS_MAX = 10_000;

    private static final int SIZE_DEFAULT = 3;
    private static final Logger log = LoggerFactory.getLogger(DiscoveryServer.class);

    private final DiscoveryConfig config;
    private final Clock clock;
    private final TokenService tokens;
    private final RateLimit newTokens;
    private final Metrics metrics = new Metrics();
    private final Metrics.Count newCount = count("new");
    private final Metrics.Count healthCount = count("health");
    private final Metrics.Count tokenCount = count("token");
    private final HttpServer http;

    private DiscoveryServer(DiscoveryConfig config, Clock clock) throws IOException {
        this.config = config;
        this.clock = clock;
        this.tokens = TokenService.open(config.dataDir(), clock);
        this.newTokens = new RateLimit(NEW_PER_SECOND, NEW_BURST, CLIENTS_MAX);
        metrics.gauge("flotilla_discovery_tokens", "Tokens kept.", tokens::count);
        boolean listens = false;
        try {
            this.http = HttpServer.listen(config.listen(), new CleanPath(routes()));
            http.showConnections(metrics);
            listens = true;
        } finally {
            if (!listens) {
                tokens.close();
            }
        }
        log.info("discovery listens on {}, tokens are in {}", http.address(), config.dataDir());
    }

    /**
     * Serves until closed.
     *
     * @throws IOException when the address can't be had or the tokens can't be read
     */
    public static DiscoveryServer start(DiscoveryConfig config) throws IOException {
        return start(config, Clock.system());
    }

    /** As above, by a clock of the caller's. */
    public static DiscoveryServer start(DiscoveryConfig config, Clock clock) throws IOException {
        return new DiscoveryServer(config, clock);
    }

    /** Where it listens, with the port that it really has. */
    public SocketAddress address() {
        return http.address();
    }

    /** The TCP port it listens on. */
    public int port() {
        return http.port();
    }

    /** Fails when the tokens can't be kept any more: it must be started anew. */
    public CompletableFuture<Void> failure() {
        return tokens.failure();
    }

    private Metrics.Count count(String endpoint) {
        return metrics.counter(
                "endpoint_" + endpoint + "_requests_total",
                "How many /" + endpoint + " requests have been made.",
                "code",
                "method");
    }

    private Router routes() {
        TokenPages pages = new TokenPages(tokens);
        return new Router()
                .on("GET", "/", request -> welcome())
                .on(
                        "GET",
                        "/robots.txt",
                        request -> Response.text(200, "User-agent: *\nDisallow: /"))
                .on("*", "/new", request -> counted(newCount, request, this::create))
                .on("GET", "/health", request -> counted(healthCount, request, _ -> health()))
                .on("GET", "/metrics", request -> metrics())
                .on(
                        "GET",
                        "/{token}/_config/size",
                        (request, path) -> paged(request, asked -> pages.size(asked, path)))
                .on(
                        "*",
                        "/{token}/{key*}",
                        (request, path) -> paged(request, asked -> pages.key(asked, path)))
                .on(
                        "*",
                        "/{token}",
                        (request, path) -> paged(request, asked -> pages.token(asked, path)));
    }

    /** What answers a request, as long as the disk does. */
    @FunctionalInterface
    private interface Page {
        Response of(Request request) throws IOException;
    }

    /** A disk that fails is logged where it happens, once; here it is the client's to know. */
    private Response paged(Request request, Page page) throws IOException {
        return counted(
                tokenCount,
                request,
                asked -> {
                    try {
                        return page.of(asked);
                    } catch (IOException e) {
                        return V2.error(Outcome.Reason.UNAVAILABLE, words(e), 0);
                    }
                });
    }

    private static Response counted(Metrics.Count count, Request request, Page page)
            throws IOException {
        Response response = page.of(request);
        count.increment(Integer.toString(response.status()), request.method());
        return response;
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static Response welcome() {
        return Response.text(
                200,
                """
                A discovery service for etcd clusters.
                GET /new?size=N gives the URL of a new token for a cluster of N members.
                """);
    }

    private Response create(Request request) {
        String text;
        try {
            Form form = Form.of(request);
            text = form.has("size") ? form.get("size") : Integer.toString(SIZE_DEFAULT);
        } catch (Form.BadField e) {
            return Response.text(400, e.getMessage() + "\n");
        }
        Optional<Integer> size = TokenSize.parse(text);
        if (size.isEmpty()) {
            return Response.text(400, TokenSize.explain(text));
        }
        if (!mayMakeAnother(request.client())) {
            return new Response.Whole(
                    429,
                    Map.of("Retry-After", "1", "Content-Type", "text/plain; charset=utf-8"),
                    "too many new tokens at once: try again in a second\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        return create(size.get());
    }

    private Response create(int size) {
        Optional<String> token;
        try {
            token = tokens.create(size);
        } catch (IOException e) {
            return Response.text(500, "Unable to generate token: " + words(e) + "\n");
        }
        return token.map(made -> Response.text(200, config.publicHost() + "/" + made))
                .orElseGet(() ->
                        Response.text(
                                503,
                                "Unable to generate token: %d are kept already, the oldest go after a week\n"
                                        .formatted(TokenService.TOKENS_MAX)));
    }

    private boolean mayMakeAnother(String client) {
        synchronized (newTokens) {
            return newTokens.tryTake(client, clock.nanos());
        }
    }

    private Response health() {
        try {
            tokens.check();
            return Response.text(200, "OK");
        } catch (IOException e) {
            return Response.text(400, words(e) + "\n");
        }
    }

    private Response metrics() {
        return new Response.Whole(
                200,
                Map.of("Content-Type", Metrics.CONTENT_TYPE),
                metrics.text().getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the waits, then waits a little for the requests that run. Tokens are on disk anyway. */
    @Override
    public void close() {
        http.close();
        tokens.close();
    }
}
