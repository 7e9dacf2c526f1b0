package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.News;
import flotilla.fleet.api.RolloutBody;
import flotilla.fleet.api.RolloutBody.Member;
import flotilla.fleet.api.RolloutRequest;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.job.JobState;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.JsonObject;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New texts go through a whole cluster, over the API. */
@Timeout(120)
class RolloutTest {
    private static final String JOB = "/flotilla/fleet/cluster/job/";
    private static final String SET = "api@.service";
    private static final List<String> INSTANCES =
            List.of("api@1.service", "api@2.service", "api@10.service");

    private static final UnitFile OLD = ThreeMachines.text("OnLost=keep");
    private static final UnitFile GOOD = text("/bin/sleep 8");
    private static final UnitFile BAD = text("/bin/false");

    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private FleetClient fleet;
    private HttpCaller caller;
    private EtcdClient store;

    private static UnitFile text(String command) {
        return UnitFile.parse("[Service]\nExecStart=" + command + "\n[X-Fleet]\nOnLost=keep\n");
    }

    @BeforeEach
    void three_instances_that_run() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        fleet = cluster.fleet();
        caller = HttpCaller.to(URI.create("unix://" + FleetDaemon.socket(directory.resolve("m1"))));
        store = EtcdClient.connect(ClientConfig.of(List.of(cluster.etcd().endpoint())));
        fleet.createUnit(SET, OLD, JobState.INACTIVE);
        INSTANCES.forEach(unit -> fleet.createUnit(unit, OLD, JobState.LAUNCHED));
        eventually()
                .until(() ->
                        fleet.listStates().stream()
                                        .filter(state -> "healthy".equals(state.health()))
                                        .count()
                                == 3);
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

    private RolloutBody begin(UnitFile text, long minHealthyMillis) {
        return fleet.rollOut(
                new RolloutRequest(
                        SET, UnitOption.of(text), null, minHealthyMillis, 20_000L, null, false));
    }

    private String phase() {
        return fleet.rollout(SET).map(RolloutBody::phase).orElse("none");
    }

    private List<String> texts() {
        return Objects.requireNonNull(fleet.rollout(SET).orElseThrow().units()).stream()
                .map(Member::text)
                .toList();
    }

    private long revision(String unit) {
        return store.get(JOB + unit).orElseThrow().getModRevision();
    }

    private String hash(String unit) {
        return JsonObject.read(store.get(JOB + unit).orElseThrow().getValue().toStringUtf8())
                .requiredText("hash");
    }

    private int starts() {
        return cluster.machines().stream()
                .mapToInt(machine -> INSTANCES.stream().mapToInt(machine.init()::starts).sum())
                .sum();
    }

    @Test
    void a_good_text_goes_through_one_instance_after_another() {
        RolloutBody begun = begin(GOOD, 300);

        assertThat(begun.phase()).isEqualTo("running");
        assertThat(begun.by())
                .as("whom the kernel names at the other end")
                .startsWith(System.getProperty("user.name") + "@");
        eventually().until(() -> phase().equals("done"));
        assertThat(texts()).containsExactly("new", "new", "new");
        assertThat(fleet.rollout(SET).orElseThrow().units())
                .allSatisfy(unit -> assertThat(unit.health()).isEqualTo("healthy"));
        assertThat(INSTANCES).extracting(this::revision).isSorted();
        assertThat(hash(SET)).isEqualTo(GOOD.hash());
        assertThat(starts()).isEqualTo(6);
    }

    @Test
    void a_bad_text_goes_back_by_itself_and_most_instances_never_have_it() {
        long second = revision("api@2.service");
        begin(BAD, 300);

        eventually().until(() -> phase().equals("undone"));

        assertThat(fleet.rollout(SET).orElseThrow().reason())
                .isEqualTo("api@1.service failed (exit-code)");
        assertThat(texts()).containsExactly("old", "old", "old");
        assertThat(hash(SET)).as("of the template").isEqualTo(OLD.hash());
        assertThat(revision("api@2.service")).as("was never touched").isEqualTo(second);
        eventually()
                .until(() ->
                        fleet.states("api@1.service").stream()
                                .allMatch(state -> "active".equals(state.systemdActiveState())));
    }

    @Test
    void it_goes_on_when_the_engine_dies_in_the_middle() throws IOException {
        begin(GOOD, 2_000);
        eventually().until(() -> texts().contains("new"));

        TestMachine leader =
                cluster.machines().stream()
                        .filter(machine -> machine.daemon().leads())
                        .findFirst()
                        .orElseThrow();
        leader.restartDaemon();

        eventually().until(() -> phase().equals("done"));
        assertThat(texts()).containsExactly("new", "new", "new");
        assertThat(INSTANCES).extracting(this::revision).isSorted();
    }

    @Test
    void it_can_be_paused_resumed_and_undone_also_when_it_is_done() {
        begin(GOOD, 300);

        RolloutBody paused = fleet.steerRollout(SET, "pause").orElseThrow();

        assertThat(paused.phase()).isEqualTo("paused");
        eventually().until(() -> starts() == 3 + texts().stream().filter("new"::equals).count());
        assertThat(texts()).as("given out at most one more").endsWith("old", "old");
        assertThat(fleet.steerRollout(SET, "resume").orElseThrow().phase()).isEqualTo("running");
        eventually().until(() -> phase().equals("done"));

        fleet.steerRollout(SET, "undo");

        eventually().until(() -> phase().equals("undone"));
        assertThat(texts()).containsExactly("old", "old", "old");
        assertThat(INSTANCES).extracting(this::hash).containsOnly(OLD.hash());
        assertThat(fleet.steerRollout(SET, "undo").orElseThrow().phase()).isEqualTo("undone");
        assertThat(fleet.rollouts()).extracting(RolloutBody::name).containsExactly(SET);
    }

    @Test
    void a_rollout_is_told_as_an_event() throws InterruptedException {
        try (News news = fleet.news(new EventFilter(Set.of("rollout"), Set.of(), Set.of()))) {
            assertThat(news.await(Duration.ofSeconds(20)))
                    .singleElement()
                    .matches(News.Item::isReset);

            begin(GOOD, 300);

            assertThat(news.await(Duration.ofSeconds(20)))
                    .anyMatch(item -> item.kind().equals("rollout") && item.name().equals(SET));
        }
    }

    @Test
    void a_new_one_takes_the_place_of_another_only_when_that_is_over_or_when_asked()
            throws IOException {
        begin(GOOD, 20_000 - 1);

        Reply refused = post("/flotilla/v1/rollouts", request(BAD, ""));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text())
                .contains("the rollout of api@.service is running: undo it first");

        Reply taken = post("/flotilla/v1/rollouts", request(OLD, ",\"replace\":true"));
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        eventually().until(() -> hash("api@1.service").equals(OLD.hash()));
        assertThat(hash(SET)).isEqualTo(OLD.hash());
    }

    private static String request(UnitFile text, String more) {
        JsonObject json = new JsonObject(Map.of("name", SET));
        StringBuilder options = new StringBuilder();
        for (UnitOption option : UnitOption.of(text)) {
            options.append(options.isEmpty() ? "" : ",")
                    .append(
                            "{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}"
                                    .formatted(option.section(), option.name(), option.value()));
        }
        String begin = json.json();
        return begin.substring(0, begin.length() - 1)
                + ",\"options\":["
                + options
                + "]"
                + more
                + "}";
    }

    private Reply post(String path, String body) throws IOException {
        return caller.postJson(path, body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "no json;                                             400; unable to decode body",
                "{};                                                  400; unit name cannot be empty",
                "{\"name\":\"api@1.service\"};                        400; roll api@.service out",
                "{\"name\":\"api@.service\"};                         400; options is empty",
                "{\"name\":\"no.service\",OPTIONS};                   404; no.service does not exist: submit it",
                "{\"name\":\"api@.service\",\"parallelism\":0,OPTIONS}; 400; parallelism 0: want 1 to 1000",
                "{\"name\":\"api@.service\",\"deadlineMillis\":9,OPTIONS}; 400; a deadline of 9 ms",
                "{\"name\":\"api@.service\",GLOBAL};                  409; not global by its present text and global by the new one",
                "{\"name\":\"api@.service\",CHECK};                   400; TCPHealth: x is not HOST:PORT",
            })
    void what_can_not_be_rolled_out_is_refused_and_nothing_is_written(
            String body, int code, String words) throws IOException {
        String options = "\"options\":[{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}]";
        String whole =
                body.replace("OPTIONS", options.formatted("Service", "ExecStart", "/bin/true"))
                        .replace("GLOBAL", options.formatted("X-Fleet", "Global", "true"))
                        .replace("CHECK", options.formatted("X-Fleet", "TCPHealth", "x"));

        Reply reply = post("/flotilla/v1/rollouts", whole);

        assertThat(reply.status()).as(reply.text()).isEqualTo(code);
        assertThat(reply.text()).contains(words);
        assertThat(fleet.rollouts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "no.service;   {\"action\":\"undo\"};   404; no rollout of no.service",
                "api@.service; {\"action\":\"stop\"};   400; none of pause, resume, undo",
                "api@.service; {};                      400; none of pause, resume, undo",
                "api@.service; {\"action\":\"pause\"};  409; it is done",
                "api@.service; {\"action\":\"resume\"}; 409; it is done",
            })
    void what_can_not_be_done_to_one_is_refused(String set, String body, int code, String words)
            throws IOException {
        begin(OLD, 0);
        eventually().until(() -> phase().equals("done"));

        Reply reply = post("/flotilla/v1/rollouts/" + set, body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(code);
        assertThat(reply.text()).contains(words);
        assertThat(caller.get("/flotilla/v1/rollouts/" + "no.service").status()).isEqualTo(404);
    }

    @Test
    void how_a_unit_fares_stands_in_its_state_and_status() {
        List<StateBody> states =
                Objects.requireNonNull(fleet.status("api@1.service").orElseThrow().states());

        assertThat(states).extracting(StateBody::health).containsExactly("healthy");
    }
}
