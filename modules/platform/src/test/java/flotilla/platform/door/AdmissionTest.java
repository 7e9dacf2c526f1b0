package flotilla.platform.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import flotilla.platform.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real server, and more clients than it has room for. */
class AdmissionTest {
    private static final int ROOM = 40;
    private static final String WHOLE = "GET /ask HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String HALF = "GET /ask HTTP/1.1\r\nHost: x\r\nX-Half: ";

    private final Metrics metrics = new Metrics();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void a_crowd_that_asks_nothing_whole_shuts_nobody_out_and_no_client_off() throws Exception {
        try (HttpServer server = listen(request -> Response.text(200, "ok"))) {
            Socket client = say(server, WHOLE);
            assertThat(status(client)).isEqualTo(200);

            for (int i = 0; i < 4 * ROOM; i++) {
                Socket _ = say(server, i % 2 == 0 ? "" : HALF);
            }

            assertThat(status(say(server, WHOLE))).isEqualTo(200);
            client.getOutputStream().write(WHOLE.getBytes(StandardCharsets.US_ASCII));
            assertThat(status(client)).isEqualTo(200);
            await().until(() -> number("flotilla_connections") <= ROOM);
            assertThat(number("flotilla_connections_sent_away_total")).isGreaterThan(2 * ROOM);
            assertThat(number("flotilla_connections_refused_total")).isZero();
        }
    }

    @Test
    void clients_that_are_answered_keep_their_place_and_one_too_many_is_closed() throws Exception {
        CountDownLatch asked = new CountDownLatch(ROOM);
        CountDownLatch answer = new CountDownLatch(1);
        Handler slow =
                request -> {
                    asked.countDown();
                    answer.await();
                    return Response.text(200, "ok");
                };
        try (HttpServer server = listen(slow)) {
            for (int i = 0; i < ROOM; i++) {
                Socket _ = say(server, WHOLE);
            }
            asked.await();

            Socket late = connect(server);
            assertThat(status(late)).isEqualTo(-1);

            answer.countDown();
            for (Socket client : sockets.subList(0, ROOM)) {
                assertThat(status(client)).isEqualTo(200);
            }
            assertThat(number("flotilla_connections_refused_total")).isEqualTo(1);
        }
    }

    @Test
    void a_server_out_of_files_gives_those_of_idle_connections_to_who_comes() throws Exception {
        Process process = outOfFilesServer();
        try {
            int port = port(process);
            for (int i = 0; i < 3 * FewFiles.OPEN_FILES; i++) {
                Socket _ = connect(port);
            }

            try (HttpCaller caller = HttpCaller.to(URI.create("http://127.0.0.1:" + port))) {
                await().until(() ->
                        !caller.get("/metrics").text().contains("accepts_failed_total 0.0"));
                assertThat(caller.get("/").status()).isEqualTo(200);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** A server that may open few files, and doesn't know. */
    static final class FewFiles {
        static final int OPEN_FILES = 100;
        static final String READY = "ready on ";

        private FewFiles() {}

        public static void main(String[] arguments) throws Exception {
            Metrics metrics = new Metrics();
            HttpServer server =
                    HttpServer.listen(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            request -> Response.text(200, metrics.text()),
                            new HttpLimits(1000, 100_000, 10_000));
            server.showConnections(metrics);
            System.out.println(READY + server.port());
            new CountDownLatch(1).await();
        }
    }

    private static Process outOfFilesServer() throws IOException {
        String java = System.getProperty("java.home") + "/bin/java";
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + FewFiles.OPEN_FILES + "; exec \"$@\"",
                        "sh",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewFiles.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int port(Process process) {
        return process.inputReader()
                .lines()
                .filter(line -> line.startsWith(FewFiles.READY))
                .mapToInt(line -> Integer.parseInt(line.substring(FewFiles.READY.length())))
                .findFirst()
                .orElseThrow();
    }

    private HttpServer listen(Handler handler) throws IOException {
        HttpServer server =
                HttpServer.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        handler,
                        new HttpLimits(1000, 100_000, ROOM));
        server.showConnections(metrics);
        return server;
    }

    private Socket connect(HttpServer server) throws IOException {
        return connect(server.port());
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
        sockets.add(socket);
        return socket;
    }

    /** Whether it is heard is another question: the server may have hung up already. */
    private Socket say(HttpServer server, String words) throws IOException {
        Socket socket = connect(server);
        try {
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            assertThat(words).isNotEqualTo(WHOLE);
        }
        return socket;
    }

    /** -1 when the server has hung up instead. */
    private static int status(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            byte[] line = in.readNBytes("HTTP/1.1 200".length());
            if (line.length == 0) {
                return -1;
            }
            while (in.available() > 0) {
                in.skipNBytes(in.available());
            }
            return Integer.parseInt(
                    new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
        } catch (IOException e) {
            return -1;
        }
    }

    private int number(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }
}
