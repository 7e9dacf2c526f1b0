package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.job.JobState;
import flotilla.machine.HostFacts;
import flotilla.machine.Ports;
import flotilla.machine.UnitState;
import flotilla.machine.embedded.EmbeddedHost;
import flotilla.machine.embedded.EmbeddedInit;
import flotilla.machine.embedded.InitConfig;
import flotilla.platform.memory.MemoryBudget;
import flotilla.proof.OriginalEtcd;
import flotilla.proof.SmallDisk;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine with a real init whose disk is full, beside a store that has room. */
class FullDiskTest {
    private static final String RUNS = "[Service]\nExecStart=/bin/sleep 1000\n";

    private static final HostFacts FACTS =
            new HostFacts("m1", "boot-1", "host-m1", "", 1L << 30, 2000);

    @TempDir private Path parent;

    @Test
    void a_unit_that_finds_no_room_says_so_others_can_be_stopped_and_with_room_all_is_as_wanted()
            throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 128 << 10);
                OriginalEtcd etcd = OriginalEtcd.start(parent);
                EmbeddedInit init = init(disk.path());
                FleetDaemon _ = daemon(etcd, init, disk.path());
                FleetClient fleet = client(disk.path())) {
            eventually().ignoreExceptions().until(() -> fleet.listMachines().size() == 1);
            fleet.createUnit("old.service", UnitFile.parse(RUNS), JobState.LAUNCHED);
            fleet.createUnit("once.service", once(parent), JobState.LOADED);
            eventually().until(() -> "active".equals(state(fleet, "old.service").active()));
            eventually().until(() -> "loaded".equals(state(fleet, "once.service").load()));
            disk.fill();

            fleet.createUnit("new.service", UnitFile.parse(RUNS), JobState.LAUNCHED);
            fleet.setDesiredState("once.service", JobState.LAUNCHED);
            fleet.setDesiredState("old.service", JobState.INACTIVE);

            eventually().until(() -> "error".equals(state(fleet, "new.service").load()));
            assertThat(state(fleet, "new.service").error())
                    .as("the unit's file, or the agent's list of them: which comes first is open")
                    .contains(disk.path().toString())
                    .contains("No space left on device");
            assertThat(fleet.status("new.service").orElseThrow().currentState())
                    .isEqualTo("inactive");
            eventually().until(() -> init.list().stream().noneMatch(FullDiskTest::isOldRunning));
            eventually().until(() -> state(fleet, "old.service").load().isEmpty());
            assertThat(halves(disk.path())).isEmpty();

            disk.makeRoom();

            eventually().until(() -> "active".equals(state(fleet, "new.service").active()));
            assertThat(state(fleet, "new.service").error()).isEmpty();
            assertThat(lastWord(disk.path(), "new.service")).contains("LAUNCHED");
            assertThat(lastWord(disk.path(), "once.service")).contains("ENDED");
            assertThat(lastWord(disk.path(), "old.service")).doesNotContain("held");
            assertThat(Files.readString(parent.resolve("runs"))).isEqualTo("ran\n");
        }
    }

    @Test
    void a_unit_that_finds_no_room_and_is_wanted_no_longer_is_no_longer_spoken_of()
            throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 128 << 10);
                OriginalEtcd etcd = OriginalEtcd.start(parent);
                EmbeddedInit init = init(disk.path());
                FleetDaemon _ = daemon(etcd, init, disk.path());
                FleetClient fleet = client(disk.path())) {
            eventually().ignoreExceptions().until(() -> fleet.listMachines().size() == 1);
            disk.fill();
            fleet.createUnit("new.service", UnitFile.parse(RUNS), JobState.LAUNCHED);
            eventually().until(() -> "error".equals(state(fleet, "new.service").load()));

            fleet.setDesiredState("new.service", JobState.INACTIVE);

            eventually().until(() -> state(fleet, "new.service").load().isEmpty());
            assertThat(unitFiles(disk.path())).isEmpty();
        }
    }

    /** What the agent's diary says last of a unit. */
    private static String lastWord(Path root, String unit) throws IOException {
        return Files.readAllLines(root.resolve("run/fleet/units.log")).stream()
                .filter(line -> line.contains(unit))
                .reduce("", (before, line) -> line);
    }

    private static boolean isOldRunning(UnitState state) {
        return state.name().equals("old.service") && state.isActive();
    }

    private static UnitFile once(Path directory) {
        return UnitFile.parse(
                "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo ran >> %s/runs'\n"
                        .formatted(directory));
    }

    private static EmbeddedInit init(Path root) throws IOException {
        return EmbeddedInit.open(
                new InitConfig(
                        root,
                        "m1",
                        UUID.randomUUID().toString().replace("-", ""),
                        "boot-1",
                        Map.of(),
                        Map.of(),
                        new MemoryBudget(80L << 20)));
    }

    private static FleetDaemon daemon(OriginalEtcd etcd, EmbeddedInit init, Path root)
            throws IOException {
        return FleetDaemon.start(
                TestMachine.config(etcd.endpoint(), "10.0.0.1", Map.of()),
                new Ports(init, init.journal(), new EmbeddedHost(FACTS)),
                root);
    }

    private static FleetClient client(Path root) {
        return FleetClient.to(URI.create("unix://" + FleetDaemon.socket(root)));
    }

    private record Seen(String load, String active, String error) {}

    /** What the machine says of a unit; nothing while it says nothing. */
    private static Seen state(FleetClient fleet, String unit) {
        return fleet.status(unit).map(StatusBody::states).stream()
                .flatMap(List::stream)
                .map(FullDiskTest::seen)
                .findFirst()
                .orElse(new Seen("", "", ""));
    }

    private static Seen seen(StateBody state) {
        return new Seen(
                Objects.requireNonNullElse(state.systemdLoadState(), ""),
                Objects.requireNonNullElse(state.systemdActiveState(), ""),
                Objects.requireNonNullElse(state.systemdLoadError(), ""));
    }

    private static List<Path> unitFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".service")).toList();
        }
    }

    private static List<Path> halves(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".new-")).toList();
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
    }
}
