package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.Cluster;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JSON the gateway takes, judged by a table of etcd's own answers. */
class JsonGatewayTest {
    private static final Pattern CONTROL = Pattern.compile("<([0-9a-f]+)>");

    private Cluster cluster;
    private HttpClient http;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        cluster.close();
    }

    private HttpResponse<String> call(String path, String json, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(cluster.endpoint(0) + "/v3/" + path))
                        .POST(HttpRequest.BodyPublishers.ofString(json));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> table() throws Exception {
        try (InputStream file =
                Objects.requireNonNull(
                        JsonGatewayTest.class.getResourceAsStream("gateway-requests.txt"))) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    private static String character(MatchResult code) {
        return java.util.regex.Matcher.quoteReplacement(
                Character.toString(Integer.parseInt(code.group(1), 16)));
    }

    @Test
    void every_request_of_the_table_is_answered_as_by_etcd() throws Exception {
        call("kv/put", "{\"key\":\"YQ==\",\"value\":\"Yg==\"}");
        call("lease/grant", "{\"TTL\":\"100\",\"ID\":\"8\"}");

        List<String> wrong = new ArrayList<>();
        for (String line : table()) {
            String[] parts = line.split(" \\| ?", 3);
            String body = CONTROL.matcher(parts[2]).replaceAll(JsonGatewayTest::character);
            HttpResponse<String> answer = call(parts[1], body);
            if (answer.statusCode() != Integer.parseInt(parts[0])) {
                wrong.add(line + " => " + answer.statusCode() + " " + answer.body());
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void a_transaction_with_a_misspelt_comparison_is_refused_by_name_and_not_run()
            throws Exception {
        HttpResponse<String> answer =
                call(
                        "kv/txn",
                        """
                        {"compare":[{"result":"GREATER_THAN","key":"YQ==","version":"0"}],
                         "success":[{"request_put":{"key":"YQ=="}}]}\
                        """);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains(
                        "unknown value \\\"GREATER_THAN\\\" for enum"
                                + " etcdserverpb.Compare_CompareResult");
        assertThat(call("kv/range", "{\"key\":\"YQ==\"}").body()).doesNotContain("kvs");
    }

    @Test
    void what_etcd_draws_lots_about_or_breaks_off_at_is_refused() throws Exception {
        for (String body :
                List.of(
                        "{\"compare\":[null]}",
                        "{\"compare\":[{\"key\":\"YQ==\",\"version\":\"0\",\"value\":\"\"}]}",
                        "{\"success\":[{\"request_put\":{\"key\":\"YQ==\"},"
                                + "\"request_range\":{\"key\":\"YQ==\"}}]}")) {
            assertThat(call("kv/txn", body).statusCode()).as(body).isEqualTo(400);
        }
    }

    @Test
    void nesting_has_a_limit() throws Exception {
        String deep = "[".repeat(JsonGateway.NESTING_MAX) + "]".repeat(JsonGateway.NESTING_MAX);
        String open = "{\"success\":[{\"request_txn\":";
        String within = open.repeat(MessageReader.DEPTH_MAX / 2) + "{}";
        String close = "}]}".repeat(MessageReader.DEPTH_MAX / 2);

        assertThat(call("kv/range", "{\"key\":\"YQ==\",\"x\":" + deep + "}").statusCode())
                .isEqualTo(400);
        assertThat(call("kv/range", "[".repeat(1_000_000)).statusCode()).isEqualTo(400);
        assertThat(call("kv/txn", within + close).body()).contains("within each other");
    }

    @Test
    void every_message_of_a_stream_is_answered_on_its_own_line() throws Exception {
        call("lease/grant", "{\"TTL\":\"100\",\"ID\":\"7\"}");
        call("lease/grant", "{\"TTL\":\"100\",\"ID\":\"8\"}");

        Stream<String> lines = call("lease/keepalive", "{\"ID\":7}\n{\"ID\":8}").body().lines();

        assertThat(lines)
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"ID\":\"7\",\"TTL\":\"100\""),
                        line -> assertThat(line).contains("\"ID\":\"8\",\"TTL\":\"100\""));
    }

    @Test
    void calls_pass_the_same_interceptors_as_grpc() throws Exception {
        call("kv/range", "{\"key\":\"YQ==\"}", "Grpc-Metadata-hasleader", "true");
        call("kv/range", "{}");

        String metrics =
                http.send(
                                HttpRequest.newBuilder(URI.create(cluster.endpoint(0) + "/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        String call = "grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"";
        assertThat(metrics)
                .contains("grpc_server_started_total{" + call + "} 2.0")
                .contains("grpc_server_handled_total{grpc_code=\"OK\"," + call + "} 1.0")
                .contains("grpc_server_handled_total{grpc_code=\"InvalidArgument\"," + call);
    }
}
