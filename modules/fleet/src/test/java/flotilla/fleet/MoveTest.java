package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static flotilla.fleet.ThreeMachines.text;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import flotilla.protocol.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engine and agents together, on the original etcd: how units leave machines and come back. */
class MoveTest {
    private static final String CLUSTER = "/flotilla/fleet/cluster/";

    @TempDir private Path directory = Path.of("");
    private final AtomicLong mostCopies = new AtomicLong();
    private ThreeMachines cluster;
    private EtcdClient store;

    @BeforeEach
    void three_machines() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        store = EtcdClient.connect(ClientConfig.of(cluster.etcd().endpoint()));
        cluster.machines().forEach(machine -> machine.init().subscribe(_ -> count()));
    }

    @AfterEach
    void none() throws InterruptedException {
        if (store != null) {
            store.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private void count() {
        mostCopies.accumulateAndGet(running("a.service").size(), Math::max);
    }

    private List<TestMachine> running(String unit) {
        return cluster.machines().stream()
                .filter(machine -> machine.init().isRunning(unit))
                .toList();
    }

    private TestMachine machineOf(String unit) {
        eventually().until(() -> running(unit).size() == 1);
        return running(unit).getFirst();
    }

    private Optional<KeyValue> at(String key) {
        return store.get(CLUSTER + key);
    }

    private String value(String key) {
        return at(key).map(kv -> kv.getValue().toStringUtf8()).orElse("");
    }

    /** What comes later in the engine's order has come: it had nothing else to do. */
    private void engineHasLooked(String unit) {
        cluster.start(unit, "");
        machineOf(unit);
    }

    @Test
    void a_unit_that_moves_never_runs_twice_however_slowly_it_stops() {
        cluster.start("a.service", "");
        TestMachine first = machineOf("a.service");
        first.init().slowStop("a.service");

        cluster.fleet().setEligibility(first.id(), Eligibility.DRAINING);

        String placement = "placement/" + first.id() + "/a.service";
        eventually().until(() -> value(placement).contains("\"inactive\""));
        engineHasLooked("z.service");
        assertThat(value("owner/a.service")).isEqualTo(first.id());
        assertThat(running("a.service")).containsExactly(first);
        first.init().letStop("a.service");

        eventually().until(() -> running("a.service").size() == 1 && at(placement).isEmpty());
        assertThat(machineOf("a.service")).isNotSameAs(first);
        assertThat(value("owner/a.service")).isEqualTo(machineOf("a.service").id());
        assertThat(mostCopies).hasValue(1);
    }

    @Test
    void a_unit_that_starts_first_is_never_away() {
        cluster.start("a.service", "Handover=start-first");
        TestMachine first = machineOf("a.service");
        first.init().slowStop("a.service");

        cluster.fleet().setEligibility(first.id(), Eligibility.DRAINING);

        eventually().until(() -> running("a.service").size() == 2);
        first.init().letStop("a.service");
        eventually().until(() -> running("a.service").size() == 1);
        assertThat(machineOf("a.service")).isNotSameAs(first);
        eventually().until(() -> at("placement/" + first.id() + "/a.service").isEmpty());
    }

    @Test
    void the_owner_of_a_destroyed_unit_goes_after_its_stop() {
        cluster.start("a.service", "");
        TestMachine machine = machineOf("a.service");
        machine.init().slowStop("a.service");

        cluster.fleet().destroy("a.service");

        engineHasLooked("z.service");
        assertThat(value("owner/a.service")).isEqualTo(machine.id());
        assertThat(machine.init().isRunning("a.service")).isTrue();
        machine.init().letStop("a.service");

        eventually().until(() -> at("owner/a.service").isEmpty());
        assertThat(machine.init().files()).doesNotContain("a.service");
        assertThat(at("placement/" + machine.id() + "/a.service")).isEmpty();
    }

    @Test
    void a_unit_that_is_wanted_again_while_it_stops_comes_back() {
        cluster.start("a.service", "");
        TestMachine machine = machineOf("a.service");
        machine.init().slowStop("a.service");
        cluster.fleet().setDesiredState("a.service", JobState.INACTIVE);
        String placement = "placement/" + machine.id() + "/a.service";
        eventually().until(() -> value(placement).contains("\"inactive\""));

        cluster.fleet().setDesiredState("a.service", JobState.LAUNCHED);
        eventually().until(() -> value(placement).contains("\"launched\""));
        machine.init().letStop("a.service");

        eventually().until(() -> machine.init().starts("a.service") == 2);
        assertThat(machineOf("a.service")).isSameAs(machine);
        assertThat(mostCopies).hasValue(1);
    }

    @Test
    void units_of_a_wave_start_anew_one_after_another() {
        List<String> units = List.of("a.service", "b.service", "c.service");
        for (String unit : units) {
            cluster.start(unit, "");
            machineOf(unit);
        }
        for (int i = 0; i < units.size(); i++) {
            store.put(
                    CLUSTER + "job/" + units.get(i),
                    ("{\"hash\":\"%s\",\"desired\":\"launched\",\"generation\":2,"
                                    + "\"turn\":{\"id\":\"w\",\"position\":%d}}")
                            .formatted(text("").hash(), i));
        }

        eventually()
                .until(() ->
                        units.stream().allMatch(unit -> machineOf(unit).init().starts(unit) == 2));
        for (int i = 1; i < units.size(); i++) {
            String before = units.get(i - 1);
            KeyValue answer = key("acknowledgement", before);
            KeyValue told = key("placement", units.get(i));
            assertThat(answer.getValue().toStringUtf8()).contains("\"generation\":2");
            assertThat(told.getModRevision())
                    .as("%s is told once %s has answered", units.get(i), before)
                    .isGreaterThan(answer.getModRevision());
        }
    }

    private KeyValue key(String kind, String unit) {
        return at(kind + "/" + machineOf(unit).id() + "/" + unit).orElseThrow();
    }
}
