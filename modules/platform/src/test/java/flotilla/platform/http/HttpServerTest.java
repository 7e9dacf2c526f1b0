package flotilla.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerTest {
    private static final InetSocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir private Path directory;

    private static final Handler ECHO =
            request ->
                    Response.text(
                            200,
                            "%s %s %s %s"
                                    .formatted(
                                            request.method(),
                                            request.path(),
                                            request.query(),
                                            request.text()));

    private static HttpCaller caller(HttpServer server) {
        return HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()));
    }

    @Test
    void a_request_reaches_its_handler_whole_and_decoded() throws IOException {
        try (HttpServer server = HttpServer.listen(LOOPBACK, ECHO);
                HttpCaller caller = caller(server)) {
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);

            Reply reply = caller.call("PUT", "/a%20b/c?x=1&x=2&y=%2F", Map.of(), body);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("PUT /a b/c {x=[1, 2], y=[/]} hello");
            assertThat(reply.header("Content-Type")).contains("text/plain; charset=utf-8");
        }
    }

    @Test
    void a_call_by_a_detour_says_the_same_to_the_server() throws IOException {
        var socket = UnixDomainSocketAddress.of(directory.resolve("detour"));
        Handler host = request -> Response.text(200, request.header("host").orElse(""));
        try (HttpServer _ = HttpServer.listen(socket, host);
                HttpCaller caller = HttpCaller.to(URI.create("http://fleet.invalid:49153"))) {
            assertThat(caller.via(socket).get("/").text()).isEqualTo("fleet.invalid:49153");
        }
    }

    @Test
    void one_connection_serves_a_stranger_client_many_times() throws Exception {
        try (HttpServer server = HttpServer.listen(LOOPBACK, ECHO);
                HttpClient stranger =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/again");
            for (int round = 0; round < 3; round++) {
                var reply =
                        stranger.send(
                                HttpRequest.newBuilder(uri).build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(reply.body()).isEqualTo("GET /again {} ");
            }
        }
    }

    @Test
    void a_handler_that_throws_answers_500_with_its_message_and_the_server_lives_on()
            throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Handler handler =
                request -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IOException("disk is full");
                    }
                    return Response.empty(204);
                };
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server)) {
            Reply first = caller.get("/");
            Reply second = caller.get("/");

            assertThat(first.status()).isEqualTo(500);
            assertThat(first.text()).isEqualTo("disk is full\n");
            assertThat(second.status()).isEqualTo(204);
        }
    }

    @Test
    void a_body_over_the_limit_is_refused_with_413() throws IOException {
        var limits = new HttpLimits(10, 1024, 10);
        try (HttpServer server = HttpServer.listen(LOOPBACK, ECHO, limits);
                HttpCaller caller = caller(server)) {
            Reply reply = caller.call("PUT", "/", Map.of(), new byte[11]);

            assertThat(reply.status()).isEqualTo(413);
        }
    }

    @Test
    void a_line_or_headers_over_the_limit_are_refused_with_414_and_431() throws IOException {
        try (HttpServer server = HttpServer.listen(LOOPBACK, ECHO);
                HttpCaller caller = caller(server)) {
            String path = "/" + "a".repeat(HttpPipeline.LINE_MAX_BYTES);
            assertThat(caller.call("GET", path, Map.of(), new byte[0]).status()).isEqualTo(414);

            Map<String, String> headers = Map.of("X-A", "a".repeat(HttpPipeline.HEADERS_MAX_BYTES));
            assertThat(caller.call("GET", "/", headers, new byte[0]).status()).isEqualTo(431);
        }
    }

    @Test
    void a_stream_arrives_line_by_line_as_it_is_written() throws IOException {
        CountDownLatch firstLineRead = new CountDownLatch(1);
        Response.StreamBody body =
                sink -> {
                    sink.write("one\n".getBytes(StandardCharsets.UTF_8));
                    firstLineRead.await();
                    sink.write("two\nthree".getBytes(StandardCharsets.UTF_8));
                };
        Handler handler = request -> new Response.Streamed(200, Map.of(), body);
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server);
                ReplyStream stream = caller.open("GET", "/", Map.of(), new byte[0])) {
            assertThat(stream.readLine()).contains("one");
            firstLineRead.countDown();
            assertThat(stream.readLine()).contains("two");
            assertThat(stream.readLine()).contains("three");
            assertThat(stream.readLine()).isEmpty();
        }
    }

    @Test
    void a_stream_is_interrupted_when_its_client_goes() throws IOException {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Response.StreamBody body =
                sink -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ended.complete(sink.closed());
                        throw e;
                    }
                };
        Handler handler = request -> new Response.Streamed(200, Map.of(), body);
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server)) {
            caller.open("GET", "/", Map.of(), new byte[0]).close();

            await().until(ended::isDone);
            assertThat(ended.join()).isTrue();
        }
    }

    @Test
    void a_stream_cut_in_the_middle_is_an_error_for_its_reader_not_an_end() throws IOException {
        Response.StreamBody body =
                sink -> {
                    sink.write("half\n".getBytes(StandardCharsets.UTF_8));
                    throw new IllegalStateException("the source broke");
                };
        Handler handler = request -> new Response.Streamed(200, Map.of(), body);
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server);
                ReplyStream stream = caller.open("GET", "/", Map.of(), new byte[0])) {
            assertThat(stream.readLine()).contains("half");
            assertThatThrownBy(stream::readLine)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("before its answer was whole");
        }
    }

    @Test
    void a_slow_reader_slows_the_stream_down() throws IOException {
        AtomicInteger written = new AtomicInteger();
        byte[] chunk = new byte[64 * 1024];
        Response.StreamBody body =
                sink -> {
                    while (true) {
                        sink.write(chunk);
                        written.incrementAndGet();
                    }
                };
        Handler handler = request -> new Response.Streamed(200, Map.of(), body);
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server);
                ReplyStream stream = caller.open("GET", "/", Map.of(), new byte[0])) {
            assertThat(stream.read()).isPresent();

            await().during(Duration.ofMillis(300))
                    .until(() -> {
                        int before = written.get();
                        Thread.onSpinWait();
                        return written.get() == before;
                    });
            assertThat(written.get() * (long) chunk.length).isLessThan(64L * 1024 * 1024);
        }
    }

    @Test
    void closing_waits_for_requests_and_ends_streams() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Response.StreamBody body =
                sink -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        ended.set(true);
                    }
                };
        HttpServer server =
                HttpServer.listen(LOOPBACK, request -> new Response.Streamed(200, Map.of(), body));
        try (HttpCaller caller = caller(server);
                ReplyStream stream = caller.open("GET", "/", Map.of(), new byte[0])) {
            begun.await();

            server.close();

            assertThat(stream.status()).isEqualTo(200);
            assertThat(ended).isTrue();
        }
    }

    @Test
    void a_silent_server_ends_a_call_after_its_timeout() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Handler handler =
                request -> {
                    never.await();
                    return Response.empty(200);
                };
        try (HttpServer server = HttpServer.listen(LOOPBACK, handler);
                HttpCaller caller = caller(server)) {
            assertThatThrownBy(() -> caller.timeout(Duration.ofMillis(50)).get("/"))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("no answer in 50 ms");
            never.countDown();
        }
    }

    @Test
    void who_asks_over_a_unix_socket_is_known_by_the_kernel_s_word() throws IOException {
        Path socket = directory.resolve("who.sock");
        Handler who = request -> Response.text(200, "user=" + request.user().get());
        try (HttpServer unix = HttpServer.listen(UnixDomainSocketAddress.of(socket), who);
                HttpServer tcp = HttpServer.listen(LOOPBACK, who);
                HttpCaller near = HttpCaller.to(URI.create("unix://" + socket));
                HttpCaller far = caller(tcp)) {
            assertThat(near.get("/").text()).isEqualTo("user=" + System.getProperty("user.name"));
            assertThat(far.get("/").text()).isEqualTo("user=");
        }
    }

    @Test
    void a_unix_socket_is_private_and_gone_after_close() throws IOException {
        Path socket = directory.resolve("api.sock");
        try (HttpServer server = HttpServer.listen(UnixDomainSocketAddress.of(socket), ECHO);
                HttpCaller caller = HttpCaller.to(URI.create("unix://" + socket))) {
            assertThat(caller.get("/over/unix").text()).isEqualTo("GET /over/unix {} ");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(server.address()).isEqualTo(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void a_socket_file_nobody_listens_on_is_replaced() throws IOException {
        Path socket = directory.resolve("api.sock");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (HttpServer server = HttpServer.listen(UnixDomainSocketAddress.of(socket), ECHO);
                HttpCaller caller = HttpCaller.to(URI.create("unix://" + socket))) {
            assertThat(server.port()).isEqualTo(-1);
            assertThat(caller.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_socket_in_use_is_not_taken_over() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("api.sock"));
        try (HttpServer first = HttpServer.listen(address, ECHO)) {
            assertThat(first.address()).isEqualTo(address);
            assertThatThrownBy(() -> HttpServer.listen(address, ECHO))
                    .hasMessageContaining("another process listens there");
        }
    }

    @Test
    void a_router_finds_by_method_and_pattern_and_says_what_is_allowed() throws Exception {
        Router router =
                new Router()
                        .on("GET", "/new", request -> Response.text(200, "new"))
                        .on("GET", "/{token}", (request, path) -> Response.text(200, "" + path))
                        .on(
                                "PUT",
                                "/{token}/{id}",
                                (request, path) -> Response.text(200, "" + path))
                        .on(
                                "GET",
                                "/keys/{key*}",
                                (request, path) -> Response.text(200, "" + path));

        assertThat(ask(router, "GET", "/new")).isEqualTo("200 new");
        assertThat(ask(router, "HEAD", "/new")).isEqualTo("200 new");
        assertThat(ask(router, "GET", "/abc")).isEqualTo("200 {token=abc}");
        assertThat(ask(router, "PUT", "/abc/1")).isEqualTo("200 {token=abc, id=1}");
        assertThat(ask(router, "GET", "/keys/a/b/c")).isEqualTo("200 {key=a/b/c}");
        assertThat(ask(router, "GET", "/a/b")).isEqualTo("405 {Allow=PUT}");
        assertThat(ask(router, "GET", "/a/b/c")).isEqualTo("404 404 page not found\n");
    }

    private static String ask(Router router, String method, String path) throws Exception {
        Request request = new Request(method, path, Map.of("q", List.of()), Map.of(), new byte[0]);
        Response.Whole reply = (Response.Whole) router.handle(request);
        String body = new String(reply.body(), StandardCharsets.UTF_8);
        return reply.status() + " " + (body.isEmpty() ? "" + reply.headers() : body);
    }
}
