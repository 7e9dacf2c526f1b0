package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static flotilla.fleet.ThreeMachines.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.JournalLineBody;
import flotilla.fleet.api.JournalLines;
import flotilla.fleet.api.MachineBody;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.job.JobState;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole machines in one process, on the original etcd. */
class FleetDaemonTest {
    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private List<TestMachine> machines;
    private FleetClient fleet;

    @BeforeEach
    void three_machines() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of("role", "db"));
        machines = cluster.machines();
        fleet = cluster.fleet();
    }

    @AfterEach
    void none() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void units_are_started_spread_stopped_and_unloaded() {
        cluster.start("api@1.service", "");
        cluster.start("api@2.service", "");
        cluster.start("api@3.service", "");

        eventually().until(() -> active().size() == 3);
        assertThat(active()).extracting(StateBody::machineID).doesNotHaveDuplicates();
        assertThat(fleet.unit("api@1.service").orElseThrow().currentState()).isEqualTo("launched");

        fleet.setDesiredState("api@1.service", JobState.LOADED);
        eventually().until(() -> active().size() == 2 && fleet.listStates().size() == 3);
        fleet.setDesiredState("api@1.service", JobState.INACTIVE);
        eventually().until(() -> fleet.listStates().size() == 2);
        assertThat(fleet.unit("api@1.service").orElseThrow().currentState()).isEqualTo("inactive");
    }

    @Test
    void units_of_a_machine_that_dies_run_elsewhere() {
        cluster.start("a.service", "");
        TestMachine first = machineOf("a.service");

        first.daemon().kill();

        try (FleetClient other = others(first).getFirst().client()) {
            eventually().until(() -> running("a.service", others(first)) == 1);
            eventually().until(() -> other.listMachines().size() == 2);
            // What comes later in the engine's order has come: nothing else was on its way.
            other.createUnit("z.service", text(""), JobState.LAUNCHED);
            eventually().until(() -> running("z.service", others(first)) == 1);
        }
        assertThat(running("a.service", others(first))).isEqualTo(1);
    }

    @Test
    void a_unit_whose_machines_die_one_after_another_waits_until_it_is_released() {
        cluster.start("killer.service", "");
        List<TestMachine> alive = new ArrayList<>(machines);
        for (int deaths = 0; deaths < 2; deaths++) {
            eventually().until(() -> running("killer.service", alive) == 1);
            TestMachine victim =
                    alive.stream()
                            .filter(m -> m.init().isRunning("killer.service"))
                            .findFirst()
                            .orElseThrow();
            alive.remove(victim);
            victim.daemon().kill();
        }

        try (FleetClient other = alive.getFirst().client()) {
            eventually()
                    .until(() ->
                            String.valueOf(waiting(other, "killer.service"))
                                    .startsWith("2 machines died within 2 minutes"));
            assertThat(running("killer.service", alive)).isZero();

            other.setDesiredState("killer.service", JobState.INACTIVE);
            eventually().until(() -> waiting(other, "killer.service") == null);
            other.setDesiredState("killer.service", JobState.LAUNCHED);

            eventually().until(() -> running("killer.service", alive) == 1);
        }
    }

    private static @Nullable String waiting(FleetClient client, String unit) {
        return client.status(unit).orElseThrow().waiting();
    }

    @Test
    void a_value_that_can_not_be_read_is_left_alone_and_can_be_written_anew() {
        cluster.start("a.service", "");
        String owner = machineOf("a.service").id();
        try (EtcdClient store =
                EtcdClient.connect(ClientConfig.of(List.of(cluster.etcd().endpoint())))) {
            store.put("/flotilla/fleet/cluster/job/a.service", "no json");
            store.put("/flotilla/fleet/cluster/placement/" + owner + "/a.service", "no json");
        }
        // What comes later has come: nothing was done for the sake of those values before it.
        cluster.start("z.service", "");

        assertThat(running("a.service", machines)).isEqualTo(1);
        fleet.createUnit("a.service", text("Memory=1M"), JobState.LAUNCHED);
        eventually()
                .until(() ->
                        "launched".equals(fleet.unit("a.service").orElseThrow().currentState()));
    }

    @Test
    void another_engine_leads_when_the_first_dies() {
        eventually().until(() -> machines.stream().filter(m -> m.daemon().leads()).count() == 1);
        TestMachine leader =
                machines.stream().filter(m -> m.daemon().leads()).findFirst().orElseThrow();

        leader.daemon().kill();

        eventually().until(() -> others(leader).stream().anyMatch(m -> m.daemon().leads()));
        try (FleetClient other = others(leader).getFirst().client()) {
            other.createUnit("a.service", text(""), JobState.LAUNCHED);
            eventually()
                    .until(() ->
                            others(leader).stream().anyMatch(m -> m.init().isRunning("a.service")));
        }
    }

    @Test
    void nothing_moves_while_the_store_is_away() throws Exception {
        cluster.start("a.service", "");
        cluster.start("b.service", "");
        TestMachine a = machineOf("a.service");
        TestMachine b = machineOf("b.service");

        cluster.etcd().kill();
        eventually().until(() -> machines.stream().noneMatch(m -> m.daemon().isInCluster()));
        cluster.etcd().restart();

        eventually().until(() -> machines.stream().allMatch(m -> m.daemon().isInCluster()));
        cluster.start("c.service", "");
        machineOf("c.service");
        assertThat(machineOf("a.service")).isSameAs(a);
        assertThat(machineOf("b.service")).isSameAs(b);
        assertThat(a.init().starts("a.service")).isEqualTo(1);
        assertThat(b.init().starts("b.service")).isEqualTo(1);
    }

    @Test
    void destroying_a_unit_leaves_no_key_but_of_its_history() {
        cluster.start("a.service", "");
        cluster.start("log.service", "Global=true");
        eventually().until(() -> active().size() == 4);

        fleet.destroy("a.service");
        fleet.destroy("log.service");

        assertThat(fleet.unit("a.service")).isEmpty();
        try (EtcdClient client = EtcdClient.connect(ClientConfig.of(cluster.etcd().endpoint()))) {
            eventually()
                    .untilAsserted(() ->
                            assertThat(client.getPrefix("/").kvs())
                                    .extracting(kv -> kv.getKey().toStringUtf8())
                                    .allMatch(key ->
                                            key.matches(
                                                    ".*/(machine|sighting|engine|history)/.*")));
        }
        assertThat(machines).allSatisfy(m -> assertThat(m.init().files()).isEmpty());
    }

    @Test
    void a_restart_of_the_daemon_alone_restarts_no_unit() throws IOException {
        cluster.start("a.service", "");
        TestMachine machine = machineOf("a.service");

        machine.restartDaemon();

        eventually().until(() -> machine.daemon().isInCluster());
        cluster.start("b.service", "MachineID=" + machine.id());
        eventually().until(() -> machine.init().isRunning("b.service"));
        assertThat(machine.init().starts("a.service")).isEqualTo(1);
        assertThat(machine.init().isRunning("a.service")).isTrue();
    }

    @Test
    void a_machine_that_leaves_stops_its_units_and_they_move_at_once() {
        cluster.start("a.service", "");
        TestMachine first = machineOf("a.service");

        first.daemon().close();

        assertThat(first.init().isRunning("a.service")).isFalse();
        assertThat(first.init().files()).isEmpty();
        eventually()
                .until(() -> others(first).stream().anyMatch(m -> m.init().isRunning("a.service")));
    }

    @Test
    void a_machine_that_has_stopped_all_says_so_before_it_goes() {
        cluster.start("a.service", "OnLost=stop");
        TestMachine first = machineOf("a.service");

        first.daemon().close();

        try (EtcdClient client = EtcdClient.connect(ClientConfig.of(cluster.etcd().endpoint()))) {
            assertThat(client.get("/flotilla/fleet/cluster/leaving/" + first.id()).orElseThrow())
                    .extracting(kv -> kv.getValue().toStringUtf8())
                    .isEqualTo("{\"leaving\":true,\"stopped\":true}");
        }
    }

    @Test
    void machines_that_all_leave_and_come_back_one_after_another_have_their_units_again()
            throws IOException {
        cluster.start("log.service", "Global=true");
        eventually().until(() -> running("log.service", machines) == 3);
        machines.parallelStream().forEach(machine -> machine.daemon().close());

        machines.getFirst().restartDaemon();
        // An engine that comes to know all machines but the first as gone.
        eventually().until(() -> fleet.listMachines().size() == 1);
        cluster.start("z.service", "");
        eventually().until(() -> running("z.service", machines) == 1);
        for (TestMachine machine : others(machines.getFirst())) {
            machine.restartDaemon();
        }

        eventually().until(() -> running("log.service", machines) == 3);
        try (EtcdClient client = EtcdClient.connect(ClientConfig.of(cluster.etcd().endpoint()))) {
            assertThat(client.getPrefix("/flotilla/fleet/cluster/strikes/").kvs()).isEmpty();
            assertThat(client.getPrefix("/flotilla/fleet/cluster/leaving/").kvs()).isEmpty();
        }
    }

    @Test
    void another_text_replaces_the_unit_where_it_runs() {
        cluster.start("a.service", "");
        TestMachine machine = machineOf("a.service");

        cluster.start("a.service", "Memory=1M");

        eventually().until(() -> machine.init().starts("a.service") == 2);
        assertThat(machineOf("a.service")).isSameAs(machine);
    }

    @Test
    void a_unit_that_was_started_again_while_it_stopped_is_stopped_again() {
        cluster.start("a.service", "");
        TestMachine machine = machineOf("a.service");
        machine.init().cancelNextStop("a.service");

        fleet.destroy("a.service");

        eventually().until(() -> machine.init().files().isEmpty());
        assertThat(machine.init().isRunning("a.service")).isFalse();
    }

    @Test
    void a_machine_whose_id_another_one_has_runs_nothing_until_that_one_is_gone()
            throws IOException {
        TestMachine first = machines.get(1);
        cluster.start("a.service", "MachineID=" + first.id());
        eventually().until(() -> first.init().isRunning("a.service"));

        try (TestMachine twin = first.twin("m9")) {
            cluster.start("b.service", "MachineID=" + first.id());
            eventually().until(() -> first.init().isRunning("b.service"));
            assertThat(twin.init().files()).isEmpty();

            first.daemon().close();

            eventually().until(() -> twin.init().isRunning("a.service"));
            assertThat(first.init().isRunning("a.service")).isFalse();
        }
    }

    @Test
    void a_daemon_whose_socket_another_one_has_does_not_start_and_joins_nothing() {
        Path root = directory.resolve("m1");
        assertThatThrownBy(() -> new TestMachine("m9", root, cluster.etcd().endpoint(), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fleet.sock");
        cluster.start("a.service", "");
        eventually().until(() -> active().size() == 1);
        assertThat(fleet.listMachines()).extracting(MachineBody::id).doesNotContain("m9");
    }

    @Test
    void a_unit_that_can_not_be_placed_says_why_for_each_machine() {
        cluster.start("a.service", "MachineMetadata=role=web");

        StatusBody status = fleet.status("a.service").orElseThrow();

        assertThat(status.waiting()).isEqualTo("no machine can have it");
        assertThat(Objects.requireNonNull(status.refusals()))
                .extracting(StatusBody.RefusalBody::machine, StatusBody.RefusalBody::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("host-m1", "metadata role=web not met"),
                        org.assertj.core.groups.Tuple.tuple("host-m2", "metadata role=web not met"),
                        org.assertj.core.groups.Tuple.tuple(
                                "host-m3", "metadata role=web not met"));
    }

    @Test
    void a_unit_that_fails_is_reported_and_not_started_again() throws InterruptedException {
        fleet.createUnit(
                "a.service",
                UnitFile.parse("[Service]\nExecStart=/bin/false\n"),
                JobState.LAUNCHED);

        eventually()
                .until(() ->
                        fleet.states("a.service").stream()
                                .anyMatch(s -> "failed".equals(s.systemdActiveState())));
        String id = fleet.states("a.service").getFirst().machineID();
        TestMachine machine =
                machines.stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
        // The agent has been at work once more since.
        cluster.start("b.service", "MachineID=" + machine.id());
        eventually().until(() -> machine.init().isRunning("b.service"));
        List<JournalLineBody> lines = new ArrayList<>();
        try (FleetClient there = machine.client()) {
            there.journal("a.service", new JournalLines(Optional.empty(), 10, false), lines::add);
        }
        assertThat(lines).extracting(JournalLineBody::message).containsExactly("Failed.");
    }

    @Test
    void a_followed_journal_ends_when_the_unit_leaves_the_machine() {
        cluster.start("a.service", "");
        try (FleetClient there = machineOf("a.service").client()) {
            Thread reader = Thread.ofVirtual().start(() -> followToItsEnd(there, "a.service"));

            fleet.destroy("a.service");

            eventually().until(() -> !reader.isAlive());
        }
    }

    private static void followToItsEnd(FleetClient there, String unit) {
        try {
            there.journal(unit, new JournalLines(Optional.empty(), 0, true), _ -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<StateBody> active() {
        return fleet.listStates().stream()
                .filter(state -> "active".equals(state.systemdActiveState()))
                .toList();
    }

    private static long running(String unit, List<TestMachine> machines) {
        return machines.stream().filter(machine -> machine.init().isRunning(unit)).count();
    }

    private TestMachine machineOf(String unit) {
        eventually().until(() -> machines.stream().anyMatch(m -> m.init().isRunning(unit)));
        return machines.stream().filter(m -> m.init().isRunning(unit)).findFirst().orElseThrow();
    }

    private List<TestMachine> others(TestMachine one) {
        return machines.stream().filter(machine -> machine != one).toList();
    }
}
