package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.proof.OriginalEtcd;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over its socket: the original's codes and bodies. */
class ApiTest {
    private static final String OPTIONS =
            "\"options\":[{\"section\":\"Service\",\"name\":\"ExecStart\",\"value\":\"/bin/true\"}]";

    @TempDir private Path directory = Path.of("");
    private OriginalEtcd etcd;
    private TestMachine machine;
    private HttpCaller caller;

    @BeforeEach
    void one_machine() throws IOException {
        etcd = OriginalEtcd.start(directory);
        machine =
                new TestMachine(
                        "m1", directory.resolve("m1"), etcd.endpoint(), Map.of("rack", "7"));
        caller = HttpCaller.to(socket(directory.resolve("m1")));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> caller.get("/fleet/v1/machines").status() == 200);
    }

    @AfterEach
    void none() throws InterruptedException {
        if (caller != null) {
            caller.close();
            machine.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    private static URI socket(Path root) {
        return URI.create("unix://" + FleetDaemon.socket(root));
    }

    @Test
    void empty_collections_have_no_member() throws IOException {
        assertThat(caller.get("/fleet/v1/units").text()).isEqualTo("{}");
        assertThat(caller.get("/v1-alpha/state").text()).isEqualTo("{}");
        assertThat(caller.get("/fleet/v1/machines").text())
                .isEqualTo(
                        "{\"machines\":[{\"id\":\"m1\",\"primaryIP\":\"10.0.0.1\","
                                + "\"metadata\":{\"rack\":\"7\"}}]}");
    }

    @Test
    void a_unit_is_created_changed_replaced_and_deleted() throws IOException {
        assertThat(put("a.service", "{\"desiredState\":\"loaded\"," + OPTIONS + "}"))
                .isEqualTo(201);
        assertThat(put("a.service", "{\"desiredState\":\"inactive\"}")).isEqualTo(204);
        assertThat(put("a.service", "{\"desiredState\":\"inactive\"," + OPTIONS + "}"))
                .isEqualTo(204);
        // Its machine has it until it has said that nothing is left.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> caller.get("/fleet/v1/units/a.service").text(),
                        ("{\"name\":\"a.service\","
                                        + OPTIONS
                                        + ",\"desiredState\":\"inactive\",\"currentState\":\"inactive\"}")
                                ::equals);
        assertThat(
                        put(
                                "a.service",
                                "{\"desiredState\":\"inactive\","
                                        + OPTIONS.replace("true", "false")
                                        + "}"))
                .isEqualTo(201);
        assertThat(caller.delete("/fleet/v1/units/a.service").status()).isEqualTo(204);
        assertThat(caller.get("/fleet/v1/units/a.service").status()).isEqualTo(404);
    }

    @Test
    void what_can_not_be_is_refused_with_the_originals_code() throws IOException {
        assertThat(call("PUT", "units/a.service", "{}").status()).isEqualTo(415);
        assertThat(put("a.service", "{\"desiredState\":\"loaded\"}")).isEqualTo(409);
        assertThat(put("a.bogus", "{" + OPTIONS + "}")).isEqualTo(400);
        assertThat(put("a.service", "{\"name\":\"b.service\"," + OPTIONS + "}")).isEqualTo(400);
        assertThat(put("a.service", "no json")).isEqualTo(400);
        assertThat(put("a.service", "{\"desiredState\":\"bogus\"," + OPTIONS + "}")).isEqualTo(400);
        String clash =
                "{\"options\":[{\"section\":\"X-Fleet\",\"name\":\"Global\",\"value\":\"true\"},"
                        + "{\"section\":\"X-Fleet\",\"name\":\"MachineID\",\"value\":\"m1\"}]}";
        assertThat(put("a.service", clash)).isEqualTo(400);
        assertThat(caller.delete("/fleet/v1/units/a.service").status()).isEqualTo(404);
        assertThat(caller.get("/fleet/v1/units?nextPageToken=x").status()).isEqualTo(400);
        assertThat(caller.get("/fleet/v1/units/a.service").text())
                .isEqualTo("{\"error\":{\"code\":404,\"message\":\"unit does not exist\"}}");
    }

    /** Each would come back from the store as another unit than the one that was looked at. */
    @ParameterizedTest
    @CsvSource({
        "Service, ExecStart, '/bin/sleep 9 \\\\'",
        "Service, ExecStart, '/bin/sleep 9\\nUser=root'",
        "Service, ExecStart, '/bin/sleep 9\\rUser=root'",
        "Service, ExecStart, '/bin/sleep 9\\u0000User=root'",
        "Service, ExecStart, '/bin/sleep 9\\n\\n[X-Fleet]\\nGlobal=true\\nMachineID=m1'",
        "Service, ExecStart, ' /bin/sleep 9'",
        "Service, ExecStart, '\\ud800'",
        "Service, 'User=root\\nExecStart', /bin/a",
        "Service, 'User=root', /bin/a",
        "Service, '#User', /bin/a",
        "Service, '[User', /bin/a",
        "Service, 'Us\\ter', /bin/a",
        "Service, '\\u001bUser', /bin/a",
        "'Service]\\nUser=root\\n[Service', ExecStart, /bin/a",
        "'Ser]vice', ExecStart, /bin/a",
        "'Ser\\rvice', ExecStart, /bin/a",
        "'', ExecStart, /bin/a",
        "Service, '', /bin/a"
    })
    void an_option_that_others_would_read_differently_is_refused(
            String section, String name, String value) throws IOException {
        String option =
                "{\"options\":[{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}]}"
                        .formatted(section, name, value);

        Reply reply = json("PUT", "units/a.service", option);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.text()).contains("invalid options");
    }

    @Test
    void a_continued_value_is_taken_as_one() throws IOException {
        String option =
                "{\"options\":[{\"section\":\"Service\",\"name\":\"ExecStart\","
                        + "\"value\":\"/bin/a \\\\\\n  User=root\"}]}";

        assertThat(put("a.service", option)).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcd.service",
                "fleet.service",
                "fleet.socket",
                "systemd-journald.service",
                "multi-user.target"
            })
    void a_name_of_the_machines_own_units_is_refused(String name) throws IOException {
        Reply reply = json("PUT", "units/" + name, "{" + OPTIONS + "}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("each machine has a unit of its own by that name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"...service", ".a.service", "a%0A.service", "a%00.service", "%2e%2e"})
    void a_name_that_is_no_units_is_refused(String name) throws IOException {
        assertThat(json("PUT", "units/" + name, "{" + OPTIONS + "}").status()).isEqualTo(400);
    }

    @Test
    void what_is_too_large_or_too_deep_is_refused_before_it_is_stored() throws IOException {
        String value = "x".repeat(2000);
        String line =
                "{\"section\":\"Service\",\"name\":\"Environment\",\"value\":\"" + value + "\"}";
        assertThat(put("a.service", "{\"options\":[" + (line + ",").repeat(200) + line + "]}"))
                .isEqualTo(413);
        String longLine = line.replace(value, "x".repeat(2048));
        assertThat(put("a.service", "{\"options\":[" + longLine + "]}")).isEqualTo(400);
        String deep = "[".repeat(100_000);
        assertThat(put("a.service", "{\"options\":" + deep)).isEqualTo(400);
        assertThat(put("a.service", "{\"unknown\":" + deep)).isEqualTo(400);
        assertThat(put("a.service", "{\"options\":[null]}")).isEqualTo(400);
        assertThat(caller.get("/fleet/v1/units").text()).isEqualTo("{}");
    }

    @Test
    void a_template_can_be_created_but_not_activated() throws IOException {
        for (String active : new String[] {"launched", "loaded"}) {
            String body = "{\"desiredState\":\"" + active + "\"," + OPTIONS + "}";
            assertThat(put("a@.service", body)).isEqualTo(400);
        }
        assertThat(put("a@.service", "{" + OPTIONS + "}")).isEqualTo(201);
        assertThat(put("a@.service", "{\"desiredState\":\"launched\"}")).isEqualTo(400);
        String other = "{\"desiredState\":\"launched\"," + OPTIONS.replace("true", "false") + "}";
        assertThat(put("a@.service", other)).isEqualTo(400);
        assertThat(put("a@.service", "{}")).isEqualTo(409);
    }

    @Test
    void metadata_of_a_machine_that_never_was_is_refused_whole() throws IOException {
        String first = "{\"op\":\"add\",\"path\":\"/m1/metadata/a\",\"value\":\"1\"}";
        String patch = "[" + first + "," + first.replace("m1", "m9") + "]";

        Reply reply = json("PATCH", "machines", patch);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("machine m9 is not in the cluster");
        assertThat(caller.get("/fleet/v1/machines").text()).doesNotContain("\"a\"");
    }

    @Test
    void metadata_of_a_machine_that_is_down_is_taken_when_it_had_any_before() throws IOException {
        String patch = "[{\"op\":\"add\",\"path\":\"/m2/metadata/a\",\"value\":\"1\"}]";
        try (EtcdClient store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())))) {
            store.put("/flotilla/fleet/cluster/metadata/m2/b", "{\"value\":\"2\"}");
        }

        assertThat(json("PATCH", "machines", patch).status()).isEqualTo(204);
    }

    @Test
    void metadata_is_patched_in_both_forms() throws IOException {
        String patch =
                "[{\"op\":\"add\",\"path\":\"/m1/metadata/a\",\"value\":{\"value\":\"1\"}},"
                        + "{\"op\":\"replace\",\"path\":\"/m1/metadata/b\",\"value\":\"2\"},"
                        + "{\"op\":\"remove\",\"path\":\"/m1/metadata/rack\"}]";

        assertThat(json("PATCH", "machines", patch).status()).isEqualTo(204);

        assertThat(caller.get("/fleet/v1/machines").text())
                .contains("\"metadata\":{\"a\":\"1\",\"b\":\"2\"}");
        for (String bad :
                new String[] {
                    "[{\"op\":\"move\",\"path\":\"/m1/metadata/a\",\"value\":\"1\"}]",
                    "[{\"op\":\"add\",\"path\":\"/m1/a\",\"value\":\"1\"}]",
                    "[{\"op\":\"add\",\"path\":\"/m1/metadata/a\"}]",
                    "[{\"op\":\"add\",\"path\":\"/m1/metadata/a\",\"value\":\"x\\ny\"}]",
                    "[{\"op\":\"add\",\"path\":\"/m1/metadata/a\",\"value\":\"%s\"}]"
                            .formatted("x".repeat(1025)),
                    "[null]",
                    "{}"
                }) {
            assertThat(json("PATCH", "machines", bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void what_a_machine_may_be_used_for_is_told_and_shown() throws IOException {
        String path = "/flotilla/v1/machines/m1/eligibility";
        String word = "{\"eligibility\":\"cordoned\"}";
        assertThat(caller.putJson(path, word).status()).isEqualTo(204);

        assertThat(caller.get("/flotilla/v1/machines").text())
                .contains("\"eligibility\":\"cordoned\"");
        assertThat(caller.get("/fleet/v1/machines").text()).doesNotContain("eligibility");
        Reply unknown = caller.putJson(path.replace("m1", "m9"), word);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).contains("machine m9 is not in the cluster");
        for (String bad : new String[] {"{\"eligibility\":\"away\"}", "{}", "[]", "", "null"}) {
            assertThat(caller.putJson(path, bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(caller.get(path).status()).isEqualTo(405);
        assertThat(caller.delete(path).status()).isEqualTo(405);
        assertThat(caller.putJson("/flotilla/v1/machines/m1/hostname", word).status())
                .isEqualTo(405);

        assertThat(caller.putJson(path, "{\"eligibility\":\"ready\"}").status()).isEqualTo(204);
        assertThat(caller.get("/flotilla/v1/machines").text())
                .contains("\"eligibility\":\"ready\"");
    }

    @Test
    void what_a_machine_is_told_of_is_listed() throws IOException {
        assertThat(put("a.service", "{\"desiredState\":\"loaded\"," + OPTIONS + "}"))
                .isEqualTo(201);

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        caller.get("/flotilla/v1/machines/m1/units")
                                .text()
                                .equals(
                                        "{\"units\":[{\"name\":\"a.service\","
                                                + "\"desiredState\":\"loaded\","
                                                + "\"machineID\":\"m1\"}]}"));
        assertThat(caller.get("/flotilla/v1/machines/m9/units").text()).isEqualTo("{}");
    }

    @Test
    void paths_and_methods_answer_as_the_originals() throws IOException {
        assertThat(caller.get("/").status()).isEqualTo(405);
        assertThat(caller.get("/fleet/v1").status()).isEqualTo(405);
        assertThat(caller.get("/fleet/v2/units").status()).isEqualTo(404);
        assertThat(caller.get("/nowhere").status()).isEqualTo(404);
        assertThat(caller.get("/fleet/v1/discovery").status()).isEqualTo(200);
        assertThat(call("POST", "discovery", "").status()).isEqualTo(400);
        assertThat(call("POST", "units", "").status()).isEqualTo(405);
        assertThat(caller.get("/metrics").text()).contains("fleet_engine_reconcile_count_total");
        assertThat(caller.get("/fleet/v1/units").header("Server")).contains("fleetd/1.0.0");
    }

    @Test
    void health_says_how_the_engine_fares() throws IOException {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> caller.get("/health").text().contains("\"engine\":\"leads\""));

        Reply health = caller.get("/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.text())
                .isEqualTo("{\"health\":\"true\",\"cluster\":true,\"engine\":\"leads\"}");
    }

    @Test
    void until_the_store_is_reached_every_call_is_answered_503() throws IOException {
        TestMachine lonely =
                new TestMachine("m2", directory.resolve("m2"), "http://127.0.0.1:1", Map.of());
        try (HttpCaller calls = HttpCaller.to(socket(directory.resolve("m2")))) {
            Reply reply = calls.get("/fleet/v1/machines");

            assertThat(calls.get("/health").status()).isEqualTo(503);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("fleet server unable to communicate with etcd");
        } finally {
            lonely.close();
        }
    }

    private int put(String unit, String body) throws IOException {
        return json("PUT", "units/" + unit, body).status();
    }

    private Reply json(String method, String path, String body) throws IOException {
        return caller.call(
                method,
                "/fleet/v1/" + path,
                Map.of("Content-Type", "application/json; charset=utf-8"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Reply call(String method, String path, String body) throws IOException {
        return caller.call(
                method, "/fleet/v1/" + path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
