package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.api.FleetClient;
import flotilla.provision.ProvisionException;
import flotilla.provision.machine.MachineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedHomeTest {
    @TempDir Path directory;
    private LocalHome home;
    private Path socket;

    @BeforeEach
    void socket() throws IOException {
        home = new LocalHome(directory.resolve("home"), "127.77.0");
        socket = FleetClient.socketOf(directory.resolve("root"));
        Files.createDirectories(socket.getParent());
        Files.createFile(socket);
    }

    private MachineSpec machine() {
        return new MachineSpec(
                "core-1",
                "127.200.1.11",
                "0".repeat(32),
                directory.resolve("root").toString(),
                "",
                Optional.empty(),
                Optional.empty(),
                1,
                1,
                "");
    }

    @Test
    void commands_find_its_machine_as_long_as_it_is_open() throws IOException {
        LocalCluster cluster = new LocalCluster(home, "/", step -> {});

        try (StagedHome _ = StagedHome.open(home, machine())) {
            assertThat(cluster.endpoint()).contains(FleetClient.at(socket));
            assertThat(cluster.machines()).singleElement().matches(listed -> listed.pid() > 0);
        }

        assertThat(cluster.machines()).isEmpty();
        assertThat(home.machine("core-01")).doesNotExist();
    }

    @Test
    void a_home_that_has_a_cluster_is_left_alone() throws IOException {
        try (StagedHome _ = StagedHome.open(home, machine())) {
            assertThatThrownBy(() -> StagedHome.open(home, machine()))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining("FLOTILLA_HOME of its own");
        }
    }
}
