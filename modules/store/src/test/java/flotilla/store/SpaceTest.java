package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept: a quota, and history that goes by itself; the original's etcdctl looks on. */
class SpaceTest {
    private static final int QUOTA_BYTES = 4 << 20;
    private static final String EXCEEDED = "etcdserver: mvcc: database space exceeded";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void a_full_store_takes_no_puts_anywhere_until_room_is_made_and_the_alarm_disarmed()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, "--quota-backend-bytes=" + QUOTA_BYTES);
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(metric(http, cluster, 0, "etcd_server_quota_backend_bytes"))
                    .isEqualTo(QUOTA_BYTES);
            String refusal = fill(http, cluster);

            assertThat(refusal)
                    .isEqualTo(
                            "{\"error\":\"%1$s\",\"message\":\"%1$s\",\"code\":8}"
                                    .formatted(EXCEEDED));
            for (int member = 0; member < 3; member++) {
                assertThat(cluster.etcdctlAt(member, "put", "a", "b")).contains(EXCEEDED);
                assertThat(cluster.etcdctlAt(member, "lease", "grant", "60")).contains(EXCEEDED);
                assertThat(cluster.etcdctlAt(member, "get", "large0", "--keys-only"))
                        .isEqualTo("large0\n\n");
                assertThat(get(http, cluster, member, "/health"))
                        .isEqualTo("{\"health\":\"false\"}");
            }
            assertThat(cluster.etcdctl("alarm", "list"))
                    .matches("(?s)(memberID:\\d+ alarm:NOSPACE \n){1,3}");

            makeRoom(cluster);
            await().atMost(PATIENCE)
                    .until(() -> {
                        String disarmed = cluster.etcdctl("alarm", "disarm");
                        return disarmed.isEmpty() || cluster.etcdctl("alarm", "list").isEmpty();
                    });

            assertThat(cluster.etcdctl("put", "a", "b")).isEqualTo("OK\n");
            assertThat(get(http, cluster, 0, "/health")).isEqualTo("{\"health\":\"true\"}");
        }
    }

    /** Puts until there is no more room; what is said then. */
    private static String fill(HttpClient http, Cluster cluster) throws Exception {
        String value = Base64.getEncoder().encodeToString(new byte[300_000]);
        String answer = "header";
        for (int put = 0; put < 100 && answer.contains("header"); put++) {
            String key =
                    Base64.getEncoder()
                            .encodeToString(("large" + put).getBytes(StandardCharsets.UTF_8));
            answer =
                    http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(cluster.endpoint(0) + "/v3/kv/put"))
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            "{\"key\":\"%s\",\"value\":\"%s\"}"
                                                                    .formatted(key, value)))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
        }
        return answer;
    }

    private static void makeRoom(Cluster cluster) throws Exception {
        assertThat(cluster.etcdctl("del", "large", "--prefix")).matches("\\d+\n");
        Matcher revision =
                Pattern.compile("\"revision\":(\\d+)")
                        .matcher(cluster.etcdctl("get", "none", "-w", "json"));
        assertThat(revision.find()).isTrue();
        assertThat(cluster.etcdctl("compact", "--physical", revision.group(1)))
                .contains("compacted revision");
        for (int member = 0; member < 3; member++) {
            assertThat(cluster.etcdctlAt(member, "defrag")).contains("Finished defragmenting");
        }
    }

    @Test
    void history_goes_by_itself_when_its_time_is_over() throws Exception {
        List<String> flags =
                List.of("--auto-compaction-mode=periodic", "--auto-compaction-retention=1s");
        try (Cluster cluster = Cluster.start(directory, 1, flags.toArray(String[]::new));
                HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                assertThat(cluster.etcdctl("put", "a", "v" + i)).isEqualTo("OK\n");
            }

            await().atMost(PATIENCE)
                    .until(() ->
                            metric(http, cluster, 0, "etcd_debugging_mvcc_compact_revision") >= 4);

            assertThat(cluster.etcdctl("get", "--rev=2", "a"))
                    .contains("mvcc: required revision has been compacted");
            assertThat(cluster.etcdctl("get", "a")).isEqualTo("a\nv2\n");
        }
    }

    private static String get(HttpClient http, Cluster cluster, int member, String path)
            throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(cluster.endpoint(member) + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static double metric(HttpClient http, Cluster cluster, int member, String name)
            throws Exception {
        return get(http, cluster, member, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }
}
