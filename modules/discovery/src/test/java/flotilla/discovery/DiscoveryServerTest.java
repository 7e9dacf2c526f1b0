package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.http.ReplyStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of discovery.etcd.io, over HTTP. */
class DiscoveryServerTest {
    private static final byte[] NOTHING = new byte[0];

    @TempDir private Path directory;

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private DiscoveryServer server;
    private HttpCaller http;

    @BeforeEach
    void start() throws IOException {
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return System.nanoTime();
                    }

                    @Override
                    public Instant now() {
                        return now;
                    }
                };
        server =
                DiscoveryServer.start(
                        new DiscoveryConfig(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                "https://discovery.example/",
                                directory),
                        clock);
        http = HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()));
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private String token(int size) throws IOException {
        String url = http.get("/new?size=" + size).text();
        assertThat(url).matches("https://discovery\\.example/[a-f0-9]{32}");
        return url.substring(url.lastIndexOf('/'));
    }

    private Reply put(String target, String value) throws IOException {
        byte[] form = ("value=" + value).getBytes(StandardCharsets.UTF_8);
        return http.call(
                "PUT", target, Map.of("Content-Type", "application/x-www-form-urlencoded"), form);
    }

    @Test
    void a_new_token_is_an_empty_directory_with_its_size_hidden_beside_it() throws IOException {
        String token = token(5);

        Reply listing = http.get(token);
        Reply size = http.get(token + "/_config/size");

        assertThat(listing.text())
                .isEqualTo(
                        """
                        {"action":"get","node":{"key":"/_etcd/registry%s","dir":true,"modifiedIndex":1,"createdIndex":1}}
                        """
                                .formatted(token));
        assertThat(listing.header("X-Etcd-Index")).contains("1");
        assertThat(size.text()).contains("\"value\":\"5\"").contains("/_config/size\"");
    }

    @Test
    void a_size_that_no_cluster_can_have_is_refused_with_the_reason() throws IOException {
        assertThat(http.get("/new?size=0").status()).isEqualTo(400);
        assertThat(http.get("/new?size=101").text()).contains("between 1 and 100 members");
        assertThat(http.get("/new?size=x").text())
                .isEqualTo("strconv.Atoi: parsing \"x\": invalid syntax\n");
        assertThat(http.get("/new").text()).startsWith("https://discovery.example/");
    }

    @Test
    void the_same_member_twice_is_error_105() throws IOException {
        String token = token(3);

        Reply first = put(token + "/a1?prevExist=false", "n=http://h:2380");
        Reply second = put(token + "/a1?prevExist=false", "n=http://h:2380");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.text()).startsWith("{\"action\":\"create\",\"node\":{");
        assertThat(second.status()).isEqualTo(412);
        assertThat(second.text())
                .isEqualTo(
                        """
                        {"errorCode":105,"message":"Key already exists","cause":"/_etcd/registry%s/a1","index":2}
                        """
                                .formatted(token));
    }

    @Test
    void unknown_tokens_are_error_100_and_malformed_ones_are_no_page() throws IOException {
        Reply unknown = http.get("/" + "0".repeat(32));
        Reply malformed = http.get("/tooshort");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).contains("\"errorCode\":100").contains("Key not found");
        assertThat(malformed.status()).isEqualTo(404);
        assertThat(malformed.text()).isEqualTo("404 page not found\n");
    }

    @Test
    void the_size_can_not_be_changed_and_the_directory_not_be_overwritten() throws IOException {
        String token = token(3);

        assertThat(put(token + "/_config/size", "9").status()).isEqualTo(405);
        assertThat(http.delete(token + "/_config/size").status()).isEqualTo(405);
        assertThat(put(token, "x").text()).contains("\"errorCode\":102");
        assertThat(http.get(token + "/_config/size").text()).contains("\"value\":\"3\"");
    }

    @Test
    void a_long_poll_gets_its_headers_at_once_and_wakes_on_a_registration() throws IOException {
        String token = token(3);
        String target = token + "?wait=true&recursive=true";
        try (ReplyStream wait = http.open("GET", target, Map.of(), NOTHING)) {
            assertThat(wait.headers()).containsEntry("x-etcd-index", "1");

            put(token + "/a1", "n=http://h:2380");

            assertThat(wait.readLine().orElseThrow())
                    .startsWith("{\"action\":\"set\",\"node\":{\"key\":\"/_etcd/registry" + token);
            assertThat(wait.readLine()).isEmpty();
        }
    }

    @Test
    void a_wait_from_a_past_index_answers_with_what_happened_since() throws IOException {
        String token = token(3);
        put(token + "/a1", "one");
        put(token + "/a2", "two");

        Reply missed = http.get(token + "?wait=true&recursive=true&waitIndex=2");

        assertThat(missed.text()).contains("\"value\":\"one\"");
    }

    @Test
    void exactly_one_of_the_old_etcds_wins_the_state() throws IOException {
        String token = token(3);

        assertThat(put(token + "/_state?prevExist=false", "started").status()).isEqualTo(201);
        assertThat(put(token + "/_state?prevExist=false", "started").status()).isEqualTo(412);
        assertThat(http.get(token).text()).doesNotContain("_state");
    }

    @Test
    void a_peer_of_the_old_etcd_goes_by_its_ttl() throws IOException {
        String token = token(3);
        put(token + "/core-1?ttl=604800", "10.0.0.1:7001");
        assertThat(http.get(token).text()).contains("\"ttl\":604800");

        now = now.plus(Duration.ofDays(7)).minusSeconds(1);
        assertThat(http.get(token).text()).contains("core-1");
        now = now.plusSeconds(1);

        assertThat(http.get(token).text()).doesNotContain("core-1");
    }

    @Test
    void a_token_untouched_for_a_week_is_forgotten() throws IOException {
        String token = token(3);

        now = now.plus(TokenService.FORGET_AFTER).plusMillis(1);

        await().until(() -> http.get(token).status() == 404);
    }

    @Test
    void a_restart_keeps_tokens_and_cuts_what_a_kill_left_half_written() throws IOException {
        String token = token(3);
        put(token + "/a1", "n=http://h:2380");
        String before = http.get(token).text();
        stop();
        Path log = directory.resolve("tokens.log");
        Files.writeString(log, "0badc0de {\"op\":\"pu", StandardOpenOption.APPEND);

        start();

        assertThat(http.get(token).text()).isEqualTo(before);
        assertThat(put(token + "/a2", "m=http://i:2380").status()).isEqualTo(201);
        stop();
        start();
        assertThat(http.get(token).text()).contains("a1").contains("a2");
    }

    @Test
    void damage_in_the_middle_of_the_log_refuses_to_start() throws IOException {
        token(3);
        token(3);
        stop();
        Path log = directory.resolve("tokens.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[20] ^= 1;
        Files.write(log, bytes);

        assertThatThrownBy(this::start).hasMessageContaining("is damaged (at byte 0)");

        Files.delete(log);
        assertThatThrownBy(this::start).hasMessageContaining("is damaged (it is gone)");

        Files.delete(directory.resolve("lock"));
        start();
    }

    @Test
    void health_leaves_nothing_behind_and_metrics_count() throws IOException {
        assertThat(http.get("/health").text()).isEqualTo("OK");
        token(1);

        assertThat(Files.readAllLines(directory.resolve("tokens.log")))
                .as("the head, and the token")
                .hasSize(2);
        assertThat(http.get("/metrics").text())
                .contains("endpoint_health_requests_total{code=\"200\",method=\"GET\"} 1.0")
                .contains("endpoint_new_requests_total{code=\"200\",method=\"GET\"} 1.0");
    }

    @Test
    void a_browser_sees_how_many_have_joined() throws IOException {
        String token = token(2);
        put(token + "/a1", "<b>=http://h:2380");

        Reply page = http.call("GET", token, Map.of("Accept", "text/html"), NOTHING);

        assertThat(page.text())
                .contains("1 of 2 members have joined")
                .contains("waiting for 1 more")
                .contains("&lt;b&gt;=http://h:2380");
    }
}
