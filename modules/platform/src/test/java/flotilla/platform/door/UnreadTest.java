package flotilla.platform.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import flotilla.platform.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real sockets of both kinds, whose clients ask and do not read. */
class UnreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final byte[] ASK =
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** More than the system takes for a client that reads nothing. */
    private static final byte[] LARGE = new byte[32 << 20];

    @TempDir private Path directory;

    private final Metrics metrics = new Metrics();

    enum Door {
        TCP,
        UNIX
    }

    enum Kind {
        WHOLE,
        STREAMED
    }

    record Case(Door door, Kind kind) {}

    static Stream<Case> cases() {
        return Stream.of(Door.values())
                .flatMap(door -> Stream.of(Kind.values()).map(kind -> new Case(door, kind)));
    }

    private HttpServer listen(Door door, Handler handler) throws IOException {
        SocketAddress address =
                switch (door) {
                    case TCP -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                    case UNIX -> UnixDomainSocketAddress.of(directory.resolve("socket"));
                };
        HttpServer server =
                HttpServer.listen(address, handler, new HttpLimits(1000, 100_000, 40, PATIENCE));
        server.showConnections(metrics);
        return server;
    }

    private int number(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }

    private int unread() {
        return number("flotilla_connections_unread_total");
    }

    private static SocketChannel ask(HttpServer server) throws IOException {
        SocketChannel client = SocketChannel.open(server.address());
        client.write(ByteBuffer.wrap(ASK));
        return client;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_answer_that_is_not_read_is_given_up_and_whoever_gave_it_is_free(Case one)
            throws IOException {
        AtomicInteger ended = new AtomicInteger();
        Response.StreamBody endless = body(ended);
        Handler handler =
                _ ->
                        one.kind() == Kind.WHOLE
                                ? new Response.Whole(200, Map.of(), LARGE)
                                : new Response.Streamed(200, Map.of(), endless);
        try (HttpServer server = listen(one.door(), handler);
                SocketChannel _ = ask(server)) {
            await().until(() -> unread() == 1);

            await().until(() -> number("flotilla_connections") == 0);
            await().until(() -> one.kind() == Kind.WHOLE || ended.get() == 1);
        }
    }

    private static Response.StreamBody body(AtomicInteger ended) {
        return new Response.StreamBody() {
            @Override
            public void writeTo(Response.Sink sink) throws IOException {
                while (true) {
                    sink.write(new byte[64 << 10]);
                }
            }

            @Override
            public void ended() {
                ended.incrementAndGet();
            }
        };
    }

    @Test
    void who_reads_is_served_on_however_long_it_takes() throws IOException {
        Response.StreamBody endless =
                sink -> {
                    while (true) {
                        sink.write(LARGE);
                    }
                };
        try (HttpServer server =
                        listen(Door.TCP, _ -> new Response.Streamed(200, Map.of(), endless));
                SocketChannel reads = ask(server)) {
            ByteBuffer piece = ByteBuffer.allocate(64 << 10);
            for (int cut = 0; cut < 3; cut++) {
                try (SocketChannel _ = ask(server)) {
                    while (unread() == cut) {
                        assertThat(reads.read(piece.clear())).isPositive();
                    }
                }
            }

            assertThat(reads.read(piece.clear())).isPositive();
            assertThat(unread()).isEqualTo(3);
        }
    }
}
