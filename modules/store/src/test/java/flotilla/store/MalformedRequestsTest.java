package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Requests that servers read differently: at the store's door, at HttpServer's, at etcd's. */
class MalformedRequestsTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");
    private static final int SILENCE_MILLIS = 5_000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

    private static final String BODY = "{\"key\":\"YQ==\"}";
    private static final String CHUNKED = "e\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String LENGTH = "Content-Length: 14\r\n";
    private static final String CODING = "Transfer-Encoding: chunked\r\n";

    /**
     * @param taken whether it is served, as etcd does unless said otherwise
     * @param etcd what etcd does where we differ on purpose
     */
    record Row(String name, String raw, boolean taken, boolean etcd) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row taken(String name, String raw) {
        return new Row(name, raw, true, true);
    }

    private static Row refused(String name, String raw) {
        return new Row(name, raw, false, false);
    }

    /** RFC 9112 lets a server choose; two readings of one message are a smuggler's door. */
    private static Row stricter(String name, String raw) {
        return new Row(name, raw, false, true);
    }

    private static String post(String headers, String body) {
        return "POST /v3/kv/range HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
    }

    private static String get(String line) {
        return line + "\r\nHost: x\r\n\r\n";
    }

    private static Row chunks(boolean taken, String name, String chunks) {
        return taken ? taken(name, post(CODING, chunks)) : refused(name, post(CODING, chunks));
    }

    static final List<Row> ROWS = rows();

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        lengths(rows);
        codings(rows);
        headers(rows);
        lines(rows);
        return rows;
    }

    private static void lengths(List<Row> rows) {
        rows.add(taken("a length", post(LENGTH, BODY)));
        for (String length : List.of("-1", "+14", "many", "0xe", "99999999999999999999")) {
            rows.add(refused("length " + length, post("Content-Length: " + length + "\r\n", BODY)));
        }
        rows.add(refused("an empty length", post("Content-Length: \r\n", BODY)));
        rows.add(refused("two lengths", post(LENGTH + "Content-Length: 3\r\n", BODY)));
        rows.add(stricter("one length twice", post(LENGTH + LENGTH, BODY)));
        rows.add(refused("a list of lengths", post("Content-Length: 14, 14\r\n", BODY)));
        rows.add(refused("a space before the colon", post("Content-Length : 14\r\n", BODY)));
    }

    private static void codings(List<Row> rows) {
        rows.add(stricter("length and chunks", post(LENGTH + CODING, CHUNKED)));
        for (String coding :
                List.of("gzip", "gzip, chunked", "identity", "xchunked", "\u000bchunked")) {
            rows.add(
                    refused(
                            "coding " + coding,
                            post("Transfer-Encoding: " + coding + "\r\n", CHUNKED)));
        }
        rows.add(refused("a coding twice", post(CODING + CODING, CHUNKED)));
        rows.add(taken("a coding in capitals", post("Transfer-Encoding: CHUNKED\r\n", CHUNKED)));
        rows.add(
                refused(
                        "chunks in HTTP/1.0",
                        "POST /v3/kv/range HTTP/1.0\r\n" + CODING + "\r\n" + CHUNKED));
        rows.add(chunks(true, "chunks", CHUNKED));
        rows.add(chunks(true, "a chunk's extension", CHUNKED.replaceFirst("e\r", "e;a=b\r")));
        rows.add(chunks(true, "a trailer", CHUNKED.replace("0\r\n", "0\r\nX: y\r\n")));
        for (String size : List.of("zz", "-e", "0xe", "1000000000000000e")) {
            rows.add(chunks(false, "chunk size " + size, CHUNKED.replaceFirst("e", size)));
        }
        rows.add(
                stricter(
                        "a chunk without its end",
                        post(CODING, CHUNKED.replace(BODY + "\r\n", BODY + "XX"))));
    }

    private static void headers(List<Row> rows) {
        for (String name : List.of("X Y", "X\0", "X\u00e9", "X(")) {
            rows.add(refused("header name " + name, post(LENGTH + name + ": z\r\n", BODY)));
        }
        for (String value : List.of("a\rb", "a\0b", "a\u0001b")) {
            rows.add(refused("header value " + value, post(LENGTH + "X: " + value + "\r\n", BODY)));
        }
        rows.add(taken("a value beyond ASCII", post(LENGTH + "X: \u00e9\r\n", BODY)));
        rows.add(refused("a header without a colon", post(LENGTH + "XY\r\n", BODY)));
        rows.add(stricter("a header without a name", post(LENGTH + ": z\r\n", BODY)));
        rows.add(taken("a folded header", post(LENGTH + "X: a\r\n b\r\n", BODY)));
        rows.add(taken("bare line feeds", post(LENGTH, BODY).replace("\r\n", "\n")));
        rows.add(refused("no host", "GET /health HTTP/1.1\r\n\r\n"));
        rows.add(taken("no host in HTTP/1.0", "GET /health HTTP/1.0\r\n\r\n"));
        rows.add(refused("two hosts", post(LENGTH + "Host: y\r\n", BODY)));
        rows.add(taken("an empty host", "GET /health HTTP/1.1\r\nHost:\r\n\r\n"));
        rows.add(refused("a host that is none", "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n"));
        rows.add(refused("another expectation", post(LENGTH + "Expect: more\r\n", BODY)));
        rows.add(
                refused(
                        "200,000 headers",
                        get("GET /health HTTP/1.1\r\n" + "X: a\r\n".repeat(200_000) + "Y: a")));
    }

    private static void lines(List<Row> rows) {
        for (String version :
                List.of("HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "HTP/1.1", "HTTP/1")) {
            rows.add(refused("version " + version, get("GET /health " + version)));
        }
        rows.add(refused("HTTP/0.9", "GET /health\r\n\r\n"));
        rows.add(taken("HTTP/1.2", get("GET /health HTTP/1.2")));
        rows.add(taken("the absolute form", get("GET http://other/health HTTP/1.1")));
        for (String target : List.of("*", "health", "/%zz", "/hea\0lth", "/hea\u0001lth")) {
            rows.add(refused("target " + target, get("GET " + target + " HTTP/1.1")));
        }
        rows.add(refused("a fragment", get("GET /health#a HTTP/1.1")));
        rows.add(refused("a space in the target", get("GET /hea lth HTTP/1.1")));
        rows.add(refused("two spaces", get("GET  /health HTTP/1.1")));
        rows.add(refused("tabs", get("GET\t/health\tHTTP/1.1")));
        rows.add(taken("OPTIONS *", get("OPTIONS * HTTP/1.1")));
        rows.add(refused("CONNECT", get("CONNECT a:80 HTTP/1.1")));
        rows.add(refused("a method in small letters", get("get /health HTTP/1.1")));
        rows.add(refused("a method that is no word", get("G(T /health HTTP/1.1")));
        rows.add(refused("a method like HTTP/2's preface", get("PRI /health HTTP/1.1")));
        rows.add(refused("a preface of another version", get("PRI * HTTP/1.1")));
    }

    private static Cluster cluster;
    private static HttpServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        server =
                HttpServer.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        request ->
                                switch (request.method()) {
                                    case "GET", "POST", "OPTIONS" -> Response.text(200, "ok\n");
                                    default -> Response.empty(405);
                                });
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        cluster.close();
    }

    private static int storePort() {
        return port(cluster.endpoint(0));
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    @ParameterizedTest
    @FieldSource("ROWS")
    void a_request_is_served_or_refused_alike_at_every_door(Row row) throws IOException {
        assertThat(isServed(storePort(), row)).as("at the store's door").isEqualTo(row.taken());
        assertThat(isServed(server.port(), row)).as("at HttpServer's").isEqualTo(row.taken());
    }

    @Test
    void etcd_serves_and_refuses_the_same_but_where_the_table_says_so(@TempDir Path directory)
            throws Exception {
        assumeTrue(Files.isExecutable(ETCD), "the original etcd is not installed");
        String client = "http://127.0.0.1:" + FreePort.take();
        String peer = "http://127.0.0.1:" + FreePort.take();
        Process etcd =
                new ProcessBuilder(
                                ETCD.toString(),
                                "--data-dir=" + directory.resolve("etcd"),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        try {
            Row probe = taken("probe", get("GET /health HTTP/1.1"));
            await().ignoreExceptions().until(() -> isServed(port(client), probe));
            List<String> others = new ArrayList<>();
            for (Row row : ROWS) {
                if (isServed(port(client), row) != row.etcd()) {
                    others.add(row.name());
                }
            }
            assertThat(others).isEmpty();
        } finally {
            etcd.destroyForcibly().waitFor();
        }
    }

    @Test
    void pipelined_requests_get_their_answers_in_their_order_and_a_bad_one_ends_them()
            throws IOException {
        StringBuilder raw = new StringBuilder();
        for (int round = 0; round < 100; round++) {
            raw.append(get("GET /version HTTP/1.1"))
                    .append(get("GET /nope HTTP/1.1"))
                    .append(post(LENGTH, BODY));
        }
        raw.append(post("Content-Length: -1\r\n", BODY)).append(get("GET /health HTTP/1.1"));

        List<Integer> statuses = statuses(ask(storePort(), raw.toString(), 301));

        List<Integer> expected = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            expected.addAll(List.of(200, 404, 200));
        }
        expected.add(400);
        assertThat(statuses).isEqualTo(expected);
    }

    /** Whether the first request on a new connection is answered with less than 400. */
    private static boolean isServed(int port, Row row) throws IOException {
        List<Integer> statuses = statuses(ask(port, row.raw(), 1));
        return !statuses.isEmpty() && statuses.getFirst() < 400;
    }

    private static List<Integer> statuses(String answers) {
        return STATUS.matcher(answers)
                .results()
                .map((MatchResult result) -> Integer.valueOf(result.group(1)))
                .toList();
    }

    /** What comes back until so many answers began, or the connection ends. */
    private static String ask(int port, String raw, int answers) throws IOException {
        StringBuilder got = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            try {
                socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
                byte[] piece = new byte[64 * 1024];
                int read = socket.getInputStream().read(piece);
                while (read >= 0) {
                    got.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
                    if (statuses(got.toString()).size() >= answers) {
                        break;
                    }
                    read = socket.getInputStream().read(piece);
                }
            } catch (IOException e) {
                // Cut off: what came before counts.
                return got.toString();
            }
        }
        return got.toString();
    }
}
