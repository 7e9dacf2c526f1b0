package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.job.JobState;
import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.Ports;
import flotilla.machine.systemd.NamespaceHost;
import flotilla.machine.systemd.Systemd;
import flotilla.proof.OriginalEtcd;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleetd whose machine is run by a real systemd. */
class SystemdMachineTest {
    private static final String UNIT = "hello.service";
    private static final UnitFile RUNS =
            UnitFile.parse("[Service]\nExecStart=/bin/sh -c 'echo hello; exec sleep 1000'\n");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void a_unit_runs_under_systemd_outlives_a_fleetd_that_dies_and_fails_and_goes_as_anywhere()
            throws Exception {
        Optional<String> obstacle = NamespaceHost.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
        Path root = directory.resolve("m1");
        try (OriginalEtcd etcd = OriginalEtcd.start(directory);
                NamespaceHost host =
                        NamespaceHost.boot(Files.createDirectory(directory.resolve("host")), "m1");
                FleetClient fleet =
                        FleetClient.to(URI.create("unix://" + FleetDaemon.socket(root)))) {
            Ports ports = Systemd.open(host.reach());
            FleetDaemon first = daemon(etcd, ports, root);
            eventually().ignoreExceptions().until(() -> fleet.listMachines().size() == 1);
            fleet.createUnit(UNIT, RUNS, JobState.LAUNCHED);
            eventually().until(() -> state(fleet).equals("active"));
            String run = ports.init().show(UNIT).invocationId();
            assertThat(fleet.status(UNIT).orElseThrow().toString()).contains("hello");

            first.kill();
            try (FleetDaemon _ = daemon(etcd, ports, root)) {
                eventually().ignoreExceptions().until(() -> state(fleet).equals("active"));
                assertThat(ports.init().show(UNIT).invocationId()).isEqualTo(run);

                host.reach().need(List.of("systemctl", "kill", "--signal=KILL", UNIT), LIMIT);
                eventually().until(() -> state(fleet).equals("failed"));

                fleet.destroy(UNIT);
                eventually().until(() -> systemctl(host, "is-active").equals("inactive"));
                eventually().until(() -> ports.init().own(UnitDirectory.RUNTIME).isEmpty());
            }
            ports.init().close();
        }
    }

    private static FleetDaemon daemon(OriginalEtcd etcd, Ports ports, Path root)
            throws IOException {
        return FleetDaemon.start(
                TestMachine.config(etcd.endpoint(), "10.0.0.1", Map.of()), ports, root);
    }

    private static String systemctl(NamespaceHost host, String verb) throws IOException {
        return host.reach().run(List.of("systemctl", verb, UNIT), LIMIT).text().strip();
    }

    private static String state(FleetClient fleet) {
        return fleet.states(UNIT).stream()
                .map(StateBody::systemdActiveState)
                .map(String::valueOf)
                .findFirst()
                .orElse("");
    }

    private static ConditionFactory eventually() {
        return await().atMost(LIMIT).pollInterval(Duration.ofMillis(50));
    }
}
