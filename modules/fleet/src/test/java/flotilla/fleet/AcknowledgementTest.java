package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static flotilla.fleet.ThreeMachines.text;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.protocol.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines answer to what they are told, on the original etcd. */
class AcknowledgementTest {
    private static final String CLUSTER = "/flotilla/fleet/cluster/";

    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private EtcdClient store;

    @BeforeEach
    void three_machines() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        store = EtcdClient.connect(ClientConfig.of(cluster.etcd().endpoint()));
        cluster.start("a.service", "");
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

    @Test
    void a_withdrawn_unit_is_given_up_and_then_acknowledged_as_released() {
        TestMachine machine = machine();
        String hash = text("").hash();
        // The engine leaves alone what it can't read, so that only the machine acts here.
        store.put(CLUSTER + "job/a.service", "no json");
        long told = tell(machine, hash, "launched");
        eventually().until(() -> answers(machine, told, "\"released\":false"));

        long withdrawn = tell(machine, hash, "inactive");

        eventually().until(() -> answers(machine, withdrawn, "\"released\":true"));
        assertThat(machine.init().files()).doesNotContain("a.service");
        assertThat(machine.init().isRunning("a.service")).isFalse();

        store.delete(CLUSTER + "placement/" + machine.id() + "/a.service");
        eventually().until(() -> answer(machine).isEmpty());
    }

    @Test
    void what_was_acknowledged_is_said_again_under_a_new_lease() throws Exception {
        TestMachine machine = machine();
        store.put(CLUSTER + "job/a.service", "no json"); // Or the engine would move it.
        long told = tell(machine, text("").hash(), "launched");
        eventually().until(() -> answers(machine, told, "\"released\":false"));
        KeyValue before = answer(machine).orElseThrow();

        store.revokeLease(before.getLease());

        eventually()
                .until(() ->
                        answer(machine)
                                .filter(now -> now.getLease() != before.getLease())
                                .isPresent());
        assertThat(answer(machine).orElseThrow().getValue()).isEqualTo(before.getValue());
    }

    @Test
    void another_generation_of_a_launched_unit_starts_it_anew_and_is_acknowledged() {
        TestMachine machine = machine();
        String job =
                "{\"hash\":\"%s\",\"desired\":\"launched\",\"generation\":9}"
                        .formatted(text("").hash());
        store.put(CLUSTER + "job/a.service", job);

        eventually().until(() -> machine.init().starts("a.service") == 2);
        eventually()
                .until(() ->
                        answer(machine)
                                .filter(said ->
                                        said.getValue().toStringUtf8().contains("\"generation\":9"))
                                .isPresent());
        assertThat(machine.init().starts("a.service")).isEqualTo(2);
    }

    /** Tells the machine of a.service; the revision of its placement. */
    private long tell(TestMachine machine, String hash, String desired) {
        return store.put(
                CLUSTER + "placement/" + machine.id() + "/a.service",
                "{\"hash\":\"%s\",\"desired\":\"%s\",\"generation\":1,\"since\":1}"
                        .formatted(hash, desired));
    }

    private Optional<KeyValue> answer(TestMachine machine) {
        return store.get(CLUSTER + "acknowledgement/" + machine.id() + "/a.service");
    }

    private boolean answers(TestMachine machine, long placement, String released) {
        return answer(machine)
                .map(said -> said.getValue().toStringUtf8())
                .filter(said ->
                        said.contains("\"placement\":" + placement + ",")
                                && said.contains(released))
                .isPresent();
    }

    private TestMachine machine() {
        return eventually()
                .until(
                        () ->
                                cluster.machines().stream()
                                        .filter(m -> m.init().isRunning("a.service"))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
