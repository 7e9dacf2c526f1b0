package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.MachineBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.job.Eligibility;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that people take out of use and back, on the original etcd. */
class MaintenanceTest {
    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private List<TestMachine> machines;
    private FleetClient fleet;

    @BeforeEach
    void three_machines() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
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
    void a_drained_machine_is_emptied_and_gets_units_again_when_it_is_back() {
        IntStream.rangeClosed(1, 6).forEach(i -> cluster.start("api@" + i + ".service", ""));
        cluster.start("log.service", "Global=true");
        eventually().until(() -> running(machines.get(2)) == 3 && fleet.listStates().size() == 9);

        fleet.setEligibility("m3", Eligibility.DRAINING);

        eventually()
                .until(() ->
                        running(machines.get(2)) == 0
                                && running(machines.get(0)) + running(machines.get(1)) == 8);
        eventually()
                .until(() ->
                        fleet.listStates().stream()
                                .noneMatch(state -> "m3".equals(state.machineID())));
        // Four stayed where they were, two moved, the global one was there already.
        assertThat(starts()).isEqualTo(6 + 2 + 3);
        assertThat(eligibility("m3")).isEqualTo("draining");

        fleet.setEligibility("m3", Eligibility.READY);
        IntStream.rangeClosed(7, 8).forEach(i -> cluster.start("api@" + i + ".service", ""));

        eventually().until(() -> running(machines.get(2)) == 3);
        assertThat(machines.get(2).init().isRunning("log.service")).isTrue();
        assertThat(eligibility("m3")).isEqualTo("ready");
    }

    @Test
    void a_unit_with_nowhere_to_go_runs_on_and_says_why() {
        cluster.start("pinned.service", "MachineID=m3");
        cluster.start("a.service", "");
        eventually().until(() -> machines.get(2).init().isRunning("pinned.service"));

        fleet.setEligibility("m3", Eligibility.DRAINING);
        // What comes later in the engine's order has come.
        cluster.start("z.service", "");
        eventually().until(() -> runsOn("z.service", 0) || runsOn("z.service", 1));

        StatusBody status = fleet.status("pinned.service").orElseThrow();
        assertThat(machines.get(2).init().isRunning("pinned.service")).isTrue();
        assertThat(machines.get(2).init().starts("pinned.service")).isEqualTo(1);
        assertThat(status.waiting()).isEqualTo("its machine is drained, but no other can have it");
        assertThat(Objects.requireNonNull(status.refusals()))
                .extracting(StatusBody.RefusalBody::reason)
                .containsExactly(
                        "MachineID=m3 is another machine", "MachineID=m3 is another machine");
        assertThat(fleet.status("z.service").orElseThrow().waiting()).isNull();
    }

    @Test
    void what_was_said_of_a_machine_outlives_its_restart() throws IOException {
        fleet.setEligibility("m3", Eligibility.CORDONED);

        machines.get(2).daemon().kill();
        eventually().until(() -> fleet.listMachines().size() == 2);
        fleet.setEligibility("m3", Eligibility.DRAINING);
        machines.get(2).restartDaemon();
        eventually().until(() -> fleet.listMachines().size() == 3);

        assertThat(eligibility("m3")).isEqualTo("draining");
    }

    private String eligibility(String machine) {
        return fleet.listMachines().stream()
                .filter(body -> machine.equals(body.id()))
                .map(MachineBody::eligibility)
                .map(String::valueOf)
                .findFirst()
                .orElseThrow();
    }

    private boolean runsOn(String unit, int machine) {
        return machines.get(machine).init().isRunning(unit);
    }

    private static long running(TestMachine machine) {
        return machine.init().files().stream().filter(machine.init()::isRunning).count();
    }

    private int starts() {
        return machines.stream()
                .mapToInt(machine ->
                        IntStream.rangeClosed(1, 6)
                                        .map(i -> machine.init().starts("api@" + i + ".service"))
                                        .sum()
                                + machine.init().starts("log.service"))
                .sum();
    }
}
