package flotilla.fleet;

import static org.awaitility.Awaitility.await;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.job.JobState;
import flotilla.proof.OriginalEtcd;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;

/**
 * Whole machines m1, m2 and m3 in this process, on the original etcd, and a client of the first.
 */
final class ThreeMachines implements AutoCloseable {
    private final OriginalEtcd etcd;
    private final List<TestMachine> machines = new ArrayList<>();
    private final FleetClient fleet;

    private ThreeMachines(Path directory, OriginalEtcd etcd) {
        this.etcd = etcd;
        this.fleet =
                FleetClient.to(URI.create("unix://" + FleetDaemon.socket(directory.resolve("m1"))));
    }

    /**
     * Returns when all three are in the cluster.
     *
     * @param first the first one's metadata
     */
    static ThreeMachines start(Path directory, Map<String, String> first)
            throws IOException, InterruptedException {
        ThreeMachines started = new ThreeMachines(directory, OriginalEtcd.start(directory));
        try {
            started.boot(directory, first);
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void boot(Path directory, Map<String, String> first) throws IOException {
        for (int i = 1; i <= 3; i++) {
            Map<String, String> metadata = i == 1 ? first : Map.of();
            machines.add(
                    new TestMachine(
                            "m" + i, directory.resolve("m" + i), etcd.endpoint(), metadata));
        }
        eventually().until(() -> fleet.listMachines().size() == 3);
    }

    OriginalEtcd etcd() {
        return etcd;
    }

    List<TestMachine> machines() {
        return machines;
    }

    FleetClient fleet() {
        return fleet;
    }

    /**
     * Has a unit run that sleeps.
     *
     * @param option a line of its {@code [X-Fleet]}
     */
    void start(String unit, String option) {
        fleet.createUnit(unit, text(option), JobState.LAUNCHED);
    }

    static UnitFile text(String option) {
        return UnitFile.parse("[Service]\nExecStart=/bin/sleep 9\n[X-Fleet]\n" + option + "\n");
    }

    static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(FleetException.class);
    }

    @Override
    public void close() throws InterruptedException {
        fleet.close();
        machines.forEach(TestMachine::close);
        etcd.close();
    }
}
