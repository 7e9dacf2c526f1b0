package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd requests, answered as discovery.etcd.io and the etcd v2 behind it (3.4.23's) do. */
class OriginalAnswersTest {
    private static final Map<String, String> FORM =
            Map.of("Content-Type", "application/x-www-form-urlencoded");

    @TempDir private Path directory;

    private DiscoveryServer server;
    private HttpCaller http;

    @BeforeEach
    void start() throws IOException {
        server =
                DiscoveryServer.start(
                        new DiscoveryConfig(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                "http://d",
                                directory));
        http = HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()));
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private String token() throws IOException {
        return http.get("/new").text().substring("http://d".length());
    }

    private Reply put(String target) throws IOException {
        return http.call("PUT", target, FORM, "value=x".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00"})
    void a_ttl_of_zero_is_taken_and_over_at_once(String ttl) throws IOException {
        String token = token();

        Reply reply = put(token + "/m1?ttl=" + ttl);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).contains("\"expiration\":\"").doesNotContain("\"ttl\"");
        assertThat(http.get(token + "/m1").text()).contains("\"errorCode\":100");
        assertThat(http.get(token).text()).doesNotContain("m1");
    }

    @Test
    void a_ttl_of_zero_is_still_over_after_a_restart_and_no_ttl_still_stays() throws IOException {
        String token = token();
        put(token + "/m1?ttl=0");
        put(token + "/m2");
        stop();

        start();

        assertThat(http.get(token).text()).doesNotContain("m1").contains("m2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttl=", "ttl", "prevIndex=0"})
    void an_empty_ttl_and_an_index_of_zero_ask_for_nothing(String query) throws IOException {
        Reply reply = put(token() + "/m1?" + query);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).startsWith("{\"action\":\"set\"").doesNotContain("expiration");
    }

    @ParameterizedTest
    @CsvSource({
        "ttl=-1, 202, invalid value for \\\"ttl\\\"",
        "ttl=%2B1, 202, invalid value for \\\"ttl\\\"",
        "ttl=1.5, 202, invalid value for \\\"ttl\\\"",
        "ttl=0x1, 202, invalid value for \\\"ttl\\\"",
        "ttl=%205, 202, invalid value for \\\"ttl\\\"",
        "ttl=abc, 202, invalid value for \\\"ttl\\\"",
        "ttl=18446744073709551616, 202, invalid value for \\\"ttl\\\"",
        "prevIndex=, 203, invalid value for \\\"prevIndex\\\"",
        "prevIndex=-1, 203, invalid value for \\\"prevIndex\\\"",
        "prevIndex=abc, 203, invalid value for \\\"prevIndex\\\"",
        "prevValue=, 201, \\\"prevValue\\\" cannot be empty",
        "prevExist=, 209, invalid value for prevExist",
        "prevExist=maybe, 209, invalid value for prevExist",
    })
    void a_field_that_means_nothing_is_refused_in_etcds_words(String query, int code, String cause)
            throws IOException {
        String token = token();

        Reply reply = put(token + "/m1?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text())
                .contains("\"errorCode\":" + code)
                .contains("\"cause\":\"" + cause + "\"");
        assertThat(http.get(token).text()).doesNotContain("m1");
    }

    @ParameterizedTest
    @CsvSource({
        "prevValue=y, 412, 101, [y != x]",
        "prevIndex=999, 412, 101, [999 != INDEX]",
        "prevIndex=999&prevValue=y, 412, 101, [y != x] [999 != INDEX]",
        "prevIndex=999&prevValue=x, 412, 101, [999 != INDEX]",
        "prevValue=, 400, 201, \\\"prevValue\\\" cannot be empty",
        "prevIndex=x, 400, 203, invalid value for \\\"prevIndex\\\"",
        "prevExist=q, 400, 209, invalid value for prevExist",
        "ttl=zz, 400, 202, invalid value for \\\"ttl\\\"",
        "dir=maybe, 400, 209, invalid value for \\\"dir\\\"",
    })
    void a_delete_whose_condition_does_not_hold_leaves_the_key(
            String query, int status, int code, String cause) throws IOException {
        String token = token();
        String index = put(token + "/m1").header("X-Etcd-Index").orElseThrow();

        Reply reply = http.delete(token + "/m1?" + query);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text())
                .contains("\"errorCode\":" + code)
                .contains("\"cause\":\"" + cause.replace("INDEX", index) + "\"");
        assertThat(http.get(token + "/m1").status()).isEqualTo(200);
        assertThat(put(token + "/m1?prevIndex=999&prevValue=y").text())
                .contains("[y != x] [999 != " + index + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "prevValue=x, compareAndDelete",
        "prevIndex=INDEX, compareAndDelete",
        "prevIndex=0, delete",
        "prevExist=false, delete",
        "'', delete",
    })
    void a_delete_whose_condition_holds_is_done_and_outlives_a_restart(String query, String action)
            throws IOException {
        String token = token();
        String index = put(token + "/m1").header("X-Etcd-Index").orElseThrow();

        Reply reply = http.delete(token + "/m1?" + query.replace("INDEX", index));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .startsWith("{\"action\":\"" + action + "\"")
                .contains("\"prevNode\":{")
                .contains("\"value\":\"x\"");
        stop();
        start();
        assertThat(http.get(token + "/m1").status()).isEqualTo(404);
    }

    @Test
    void a_delete_looks_at_no_form_and_wants_the_key() throws IOException {
        String token = token();
        put(token + "/m1");
        byte[] form = "prevValue=y".getBytes(StandardCharsets.UTF_8);

        assertThat(http.delete(token + "/m2?prevValue=x").text()).contains("\"errorCode\":100");
        assertThat(http.call("DELETE", token + "/m1", FORM, form).status()).isEqualTo(200);
    }

    @Test
    void a_ttl_above_a_year_is_refused_though_etcd_would_let_it_overflow() throws IOException {
        Reply reply = put(token() + "/m1?ttl=9999999999");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"errorCode\":202").contains("at most 31536000 seconds");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /new, '', 3",
        "GET, /new?size, '', 3",
        "GET, /new?size=, '', 3",
        "PUT, /new?size=, '', 3",
        "GET, /new?size=%2B5, '', 5",
        "GET, /new?size=05, '', 5",
        "POST, /new, size=5, 5",
        "PUT, /new?size=4, size=5, 5",
        "POST, /new, size=, 3",
    })
    void a_size_comes_from_query_or_form_and_an_empty_one_is_three(
            String method, String target, String form, String size) throws IOException {
        Reply made = http.call(method, target, FORM, form.getBytes(StandardCharsets.UTF_8));

        assertThat(made.status()).isEqualTo(200);
        String token = made.text().substring("http://d".length());
        assertThat(http.get(token + "/_config/size").text()).contains("\"value\":\"" + size + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%20", "x", "3.0", "0x3", "%D9%A3", "-1", "0", "99999999999999999999"})
    void a_size_that_is_no_number_of_members_is_400(String size) throws IOException {
        assertThat(http.get("/new?size=" + size).status()).isEqualTo(400);
    }

    @Test
    void a_slash_too_many_is_redirected_with_the_query() throws IOException {
        String token = token();

        Reply reply = http.get("/" + token + "?recursive=true");

        assertThat(reply.status()).isEqualTo(301);
        assertThat(reply.header("Location")).contains(token + "?recursive=true");
    }

    @Test
    void one_address_too_greedy_for_new_tokens_leaves_others_theirs() throws IOException {
        int status = 200;
        for (int made = 0; status == 200 && made < 100_000; made++) {
            status = http.get("/new").status();
        }

        assertThat(status).isEqualTo(429);
        assertThat(FromElsewhere.get(server.port(), "/new")).startsWith("HTTP/1.1 200");
    }
}
