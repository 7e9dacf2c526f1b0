package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.job.JobState;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units that are started anew, over the API: by ours, and as the original's client does it. */
@Timeout(120)
class RestartTest {
    private static final String JOB = "/flotilla/fleet/cluster/job/";

    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private FleetClient fleet;
    private HttpCaller caller;
    private EtcdClient store;

    @BeforeEach
    void two_units_that_run() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        fleet = cluster.fleet();
        caller = HttpCaller.to(URI.create("unix://" + FleetDaemon.socket(directory.resolve("m1"))));
        store = EtcdClient.connect(ClientConfig.of(List.of(cluster.etcd().endpoint())));
        cluster.start("a.service", "");
        cluster.start("b.service", "");
        eventually().until(() -> starts("a.service") == 1 && starts("b.service") == 1);
        eventually().until(() -> isLaunched("a.service") && isLaunched("b.service"));
    }

    @AfterEach
    void none() throws InterruptedException {
        if (store != null) {
            store.close();
            caller.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void units_are_started_anew_where_they_are_and_it_is_known_when_they_are() {
        Map<String, Long> asked = fleet.restart(List.of("b.service", "a.service"), false);

        assertThat(asked).containsOnlyKeys("a.service", "b.service");
        eventually()
                .until(() ->
                        asked.entrySet().stream()
                                .allMatch(unit -> isDone(unit.getKey(), unit.getValue())));
        assertThat(starts("a.service")).isEqualTo(2);
        assertThat(starts("b.service")).isEqualTo(2);
    }

    @Test
    void what_is_asked_is_one_later_generation_with_a_turn_and_never_a_stop() {
        long before = job("a.service").number("generation");

        fleet.restart(List.of("b.service", "a.service"), false);

        JsonObject first = job("b.service");
        JsonObject second = job("a.service");
        assertThat(second.number("generation")).isEqualTo(before + 1);
        assertThat(second.text("desired")).isEqualTo("launched");
        assertThat(turn(first).number("position")).isZero();
        assertThat(turn(second).number("position")).isEqualTo(1);
        assertThat(turn(first).text("id")).isEqualTo(turn(second).text("id"));
        assertThat(revision("a.service")).as("one transaction").isEqualTo(revision("b.service"));

        fleet.restart(List.of("b.service", "a.service"), true);

        assertThat(turn(job("b.service")))
                .satisfies(turn ->
                        assertThat(turn.number("position"))
                                .isEqualTo(turn(job("a.service")).number("position")));
    }

    @Test
    void one_that_is_stopped_is_started() {
        fleet.setDesiredState("a.service", JobState.LOADED);
        eventually().until(() -> !isRunning("a.service"));

        fleet.restart(List.of("a.service"), false);

        eventually().until(() -> isRunning("a.service"));
    }

    @Test
    void an_answer_to_another_placement_counts_for_nothing() {
        eventually().until(() -> isDone("a.service", 1));
        String machine =
                fleet.progress("a.service").orElseThrow().machines().getFirst().machineID();

        store.put(
                "/flotilla/fleet/cluster/acknowledgement/" + machine + "/a.service",
                "{\"placement\":1,\"generation\":9,\"released\":false}");

        assertThat(isDone("a.service", 9)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"units\":[\"a.service\",\"nosuch.service\"]};    404; nosuch.service does not exist",
                "{\"units\":[\"a.service\",\"idle.service\"]};      409; is wanted inactive: start it",
                "{\"units\":[]};                                    400; 1 to 1000 units",
                "{};                                                400; 1 to 1000 units",
                "{\"units\":[null]};                                400; is null",
                "no json;                                           400; unable to decode body",
            })
    void what_can_not_be_started_anew_refuses_the_whole_request(String body, int code, String words)
            throws IOException {
        fleet.createUnit("idle.service", ThreeMachines.text(""), JobState.INACTIVE);
        long before = revision("a.service");

        Reply reply = caller.postJson("/flotilla/v1/restart", body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(code);
        assertThat(reply.text()).contains(words);
        assertThat(revision("a.service")).isEqualTo(before);
    }

    @Test
    void only_a_post_restarts() throws IOException {
        assertThat(caller.get("/flotilla/v1/restart").status()).isEqualTo(405);
    }

    /**
     * fleetctl v1.0.0, {@code restart.go}: sets loaded, waits for launched, sets launched, waits
     * for launched. Each wait looks at once and then twice a second.
     */
    @Test
    void the_originals_client_restarts_a_launched_unit() throws IOException {
        List<String> seen = new ArrayList<>();

        seen.add(put("a.service", "loaded") + " " + current("a.service"));
        seen.add(put("a.service", "launched") + " ");

        assertThat(seen).containsExactly("204 launched", "204 ");
        eventually().until(() -> current("a.service").equals("launched"));
        eventually().until(() -> isRunning("a.service") && starts("a.service") == 2);
    }

    @Test
    void what_ours_asks_is_answered_as_it_is() throws IOException {
        put("a.service", "loaded");

        eventually()
                .until(() -> "loaded".equals(fleet.unit("a.service").orElseThrow().currentState()));
    }

    private int put(String unit, String state) throws IOException {
        return caller.putJson(
                        "/fleet/v1/units/" + unit,
                        "{\"name\":\"%s\",\"desiredState\":\"%s\"}".formatted(unit, state))
                .status();
    }

    private String current(String unit) throws IOException {
        JsonObject body = JsonObject.read(caller.get("/fleet/v1/units/" + unit).text());
        return body.requiredText("currentState");
    }

    private boolean isLaunched(String unit) {
        return fleet.unit(unit).filter(body -> "launched".equals(body.currentState())).isPresent();
    }

    private boolean isDone(String unit, long generation) {
        return fleet.progress(unit)
                .filter(now -> !now.machines().isEmpty() && now.isDone(generation))
                .isPresent();
    }

    private JsonObject job(String unit) {
        return JsonObject.read(store.get(JOB + unit).orElseThrow().getValue().toStringUtf8());
    }

    private static JsonObject turn(JsonObject job) {
        return Objects.requireNonNull(job.object("turn"));
    }

    private long revision(String unit) {
        return store.get(JOB + unit).orElseThrow().getModRevision();
    }

    private int starts(String unit) {
        return cluster.machines().stream().mapToInt(m -> m.init().starts(unit)).sum();
    }

    private boolean isRunning(String unit) {
        return cluster.machines().stream().anyMatch(m -> m.init().isRunning(unit));
    }
}
