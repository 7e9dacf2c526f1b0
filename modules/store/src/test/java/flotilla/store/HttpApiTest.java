package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain HTTP on the port that also speaks gRPC. */
class HttpApiTest {
    private static Cluster cluster;
    private static HttpClient http;
    private static final String RAISED = "{\"memberID\":\"5\",\"alarm\":\"CORRUPT\"}";

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        cluster.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(cluster.endpoint(0) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest post(String path, String json) {
        return HttpRequest.newBuilder(URI.create(cluster.endpoint(0) + path))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private static HttpResponse<String> call(String path, String json) throws Exception {
        return http.send(post(path, json), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void health_and_version_answer_as_etcd_3_4_does() throws Exception {
        assertThat(get("/health").body()).isEqualTo("{\"health\":\"true\"}");
        assertThat(get("/version").body())
                .isEqualTo("{\"etcdserver\":\"3.4.23\",\"etcdcluster\":\"3.4.0\"}");
        assertThat(get("/nope").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = call("/health", "");
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("GET");
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void metrics_carry_etcd_s_names() throws Exception {
        call("/v3/kv/put", "{\"key\":\"YQ==\"}");
        assertThat(get("/metrics").body())
                .contains("etcd_server_has_leader 1.0")
                .contains("etcd_server_is_leader 1.0")
                .contains("etcd_mvcc_db_total_size_in_bytes")
                .contains("flotilla_memory_budget_bytes{share=\"scans\"}")
                .contains("etcd_server_leader_changes_seen_total")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"}")
                .doesNotContain("etcd_disk_wal_fsync_duration_seconds_count 0")
                .contains("etcd_server_version{server_version=\"3.4.23\"} 1.0");
    }

    @Test
    void operations_are_counted_as_etcd_counts_them() throws Exception {
        double puts = metric("etcd_mvcc_put_total");
        double deletes = metric("etcd_mvcc_delete_total");
        double ranges = metric("etcd_mvcc_range_total");
        double txns = metric("etcd_mvcc_txn_total");
        double keys = metric("etcd_debugging_mvcc_keys_total");

        call("/v3/kv/put", "{\"key\":\"L20x\"}");
        call("/v3/kv/put", "{\"key\":\"L20y\"}");
        call("/v3/kv/put", "{\"key\":\"L20y\"}");
        call("/v3/kv/deleterange", "{\"key\":\"L20x\"}");
        call("/v3/kv/range", "{\"key\":\"L20y\"}");
        call(
                "/v3/kv/txn",
                "{\"success\":[{\"request_put\":{\"key\":\"L20z\"}},"
                        + "{\"request_range\":{\"key\":\"L20z\"}}]}");

        assertThat(metric("etcd_mvcc_put_total") - puts).isEqualTo(4);
        assertThat(metric("etcd_debugging_mvcc_put_total")).isEqualTo(puts + 4);
        assertThat(metric("etcd_mvcc_delete_total") - deletes).isEqualTo(1);
        assertThat(metric("etcd_mvcc_range_total") - ranges).isEqualTo(2);
        assertThat(metric("etcd_mvcc_txn_total") - txns).isEqualTo(1);
        assertThat(metric("etcd_debugging_mvcc_keys_total") - keys).isEqualTo(2);
        assertThat(get("/metrics").body())
                .contains(
                        "grpc_server_handled_total{grpc_code=\"Canceled\",grpc_method=\"Watch\","
                                + "grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"} 0.0");
    }

    private static double metric(String name) throws Exception {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_gateway_speaks_the_protocol_s_names_with_numbers_as_strings() throws Exception {
        assertThat(call("/v3/kv/put", "{\"key\":\"L2c=\",\"value\":\"Yg==\"}").body())
                .matches(
                        "\\{\"header\":\\{\"cluster_id\":\"\\d+\",\"member_id\":\"\\d+\","
                                + "\"revision\":\"\\d+\",\"raft_term\":\"\\d+\"}}");
        assertThat(call("/v3beta/kv/range", "{\"key\":\"L2c=\"}").body())
                .contains("\"kvs\":[{\"key\":\"L2c=\",\"create_revision\":\"")
                .contains("\"version\":\"1\",\"value\":\"Yg==\"}],\"count\":\"1\"}");
        HttpResponse<String> refused = call("/v3/kv/range", "{}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo(
                        "{\"error\":\"etcdserver: key is not provided\","
                                + "\"message\":\"etcdserver: key is not provided\",\"code\":3}");
        assertThat(call("/v3/nope", "{}").statusCode()).isEqualTo(404);
        assertThat(call("/v3/kv/range", "{bad").statusCode()).isEqualTo(400);
        assertThat(get("/v3/kv/range").statusCode()).isEqualTo(405);
    }

    @Test
    void an_alarm_is_told_in_etcd_s_words_until_it_is_disarmed() throws Exception {
        assertThat(alarm("ACTIVATE", "CORRUPT")).isEqualTo("{\"alarms\":[" + RAISED + "]}");
        assertThat(call("/v3/maintenance/alarm", "{}").body())
                .isEqualTo("{\"alarms\":[" + RAISED + "]}");

        HttpResponse<String> put = call("/v3/kv/put", "{\"key\":\"YQ==\"}");
        assertThat(put.body())
                .isEqualTo(
                        "{\"error\":\"etcdserver: corrupt cluster\","
                                + "\"message\":\"etcdserver: corrupt cluster\",\"code\":15}");
        assertThat(call("/v3/kv/range", "{\"key\":\"YQ==\"}").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("{\"health\":\"false\"}");
        assertThat(get("/health?exclude=NOSPACE").body()).isEqualTo("{\"health\":\"false\"}");
        assertThat(get("/health?exclude=CORRUPT").body()).isEqualTo("{\"health\":\"true\"}");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(call("/v3/maintenance/status", "{}").body())
                .contains("\"errors\":[\"memberID:5 alarm:CORRUPT \"]");

        assertThat(alarm("DEACTIVATE", "CORRUPT")).isEqualTo("{\"alarms\":[" + RAISED + "]}");
        assertThat(alarm("DEACTIVATE", "CORRUPT")).isEqualTo("{}");
        assertThat(call("/v3/kv/put", "{\"key\":\"YQ==\"}").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    private static String alarm(String action, String kind) throws Exception {
        return call(
                        "/v3/maintenance/alarm",
                        "{\"action\":\"%s\",\"alarm\":\"%s\",\"memberID\":\"5\"}"
                                .formatted(action, kind))
                .body();
    }

    @Test
    void an_action_on_alarms_that_nobody_knows_is_refused() throws Exception {
        assertThat(call("/v3/maintenance/alarm", "{\"action\":9}").body())
                .contains("alarm action 9 is none");
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void a_watch_through_the_gateway_streams_a_line_per_answer() throws Exception {
        HttpResponse<InputStream> response =
                http.send(
                        post("/v3/watch", "{\"create_request\":{\"key\":\"L3c=\"}}"),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body();
                Scanner lines = new Scanner(body, StandardCharsets.UTF_8)) {
            assertThat(lines.nextLine())
                    .startsWith("{\"result\":{\"header\":")
                    .contains("\"created\":true");
            call("/v3/kv/put", "{\"key\":\"L3c=\",\"value\":\"MQ==\"}");
            assertThat(lines.nextLine()).contains("\"events\":[{\"kv\":{\"key\":\"L3c=\"");
        }
    }

    @Test
    void a_lease_is_kept_through_the_gateway() throws Exception {
        String granted = call("/v3/lease/grant", "{\"TTL\":\"100\",\"ID\":\"77\"}").body();
        assertThat(granted).contains("\"ID\":\"77\",\"TTL\":\"100\"");
        assertThat(call("/v3/lease/keepalive", "{\"ID\":\"77\"}").body())
                .startsWith("{\"result\":{\"header\":")
                .contains("\"ID\":\"77\",\"TTL\":\"100\"");
        assertThat(call("/v3/lease/revoke", "{\"ID\":\"77\"}").statusCode()).isEqualTo(200);
        await().until(() -> call("/v3/lease/leases", "{}").body().indexOf("leases") < 0);
    }
}
