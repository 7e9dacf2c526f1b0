package flotilla.bench;

import flotilla.conformance.servers.Launcher;
import flotilla.fleet.FleetDaemon;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.job.JobState;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Three hosts with a systemd each, which take a silent one for dead after three seconds: how soon a
 * unit is active, how soon after a host's death elsewhere, and what the daemons cost. As root.
 */
public final class OnHosts {
    private static final String SUBNET = "10.206.77";
    private static final int MACHINES = 3;
    private static final int ROUNDS = 40;
    private static final int MANY = 100;
    private static final int KILLED_UNITS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final String TEXT = "[Service]\nExecStart=/bin/sleep infinity\n";

    private static final String USER_DATA =
            """
            #cloud-config
            coreos:
              etcd:
                discovery: https://discovery.etcd.io/any
                addr: $private_ipv4:4001
                peer-addr: $private_ipv4:7001
              fleet:
                public-ip: $private_ipv4
                agent-ttl: 3s
              units:
                - name: etcd.service
                  command: start
                - name: fleet.service
                  command: start
            """;

    private final OwnCluster cluster;
    private final Launcher flotilla;

    private OnHosts(OwnCluster cluster) {
        this.cluster = cluster;
        this.flotilla = cluster.flotilla();
    }

    /** How many hosts are killed, one after another. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        OwnCluster cluster = OwnCluster.at(SUBNET);
        Facts.print(System.out, cluster.folder(), List.of("hosts", Integer.toString(kills)));
        new OnHosts(cluster).run(kills);
    }

    private void run(int kills) throws IOException, InterruptedException {
        Path userData = Files.writeString(cluster.folder().resolve("user-data"), USER_DATA);
        String[] up = {"up", "--provider", "hosts", "--user-data", userData.toString()};
        flotilla.run(up).text();
        flotilla.run("down", "--purge").text();
        long typed = System.nanoTime();
        flotilla.run(up).text();
        System.out.printf(
                Locale.ROOT,
                "up --provider hosts, new cluster: %.1f s to the table%n",
                millisSince(typed) / 1e3);
        try (FleetClient fleet = fleetOf(1)) {
            waits(fleet);
            many(fleet);
        }
        List<Double> elsewhere = new ArrayList<>();
        for (int round = 0; round < kills; round++) {
            elsewhere.add(kill(1 + round % MACHINES, round));
        }
        System.out.printf(
                Locale.ROOT,
                "kill until %d units are active elsewhere: median %.1f s, longest of %d %.1f s%n",
                KILLED_UNITS,
                Median.of(elsewhere),
                kills,
                Collections.max(elsewhere));
    }

    private FleetClient fleetOf(int machine) {
        Path root =
                Path.of("/proc", Long.toString(cluster.process(Launcher.machine(machine))), "root");
        return FleetClient.to(FleetClient.at(FleetDaemon.socket(root)), PATIENCE);
    }

    private static void waits(FleetClient fleet) throws InterruptedException {
        List<Double> starts = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String unit = "one-%d.service".formatted(round);
            long asked = System.nanoTime();
            fleet.createUnit(unit, UnitFile.parse(TEXT), JobState.LAUNCHED);
            Until.holds(() -> active(fleet, unit) == 1);
            starts.add(millisSince(asked));
            fleet.destroy(unit);
            Until.holds(() -> active(fleet, unit) == 0);
        }
        Collections.sort(starts);
        System.out.printf(
                Locale.ROOT,
                "a unit asked for by the API, until active: median %.0f ms, longest of %d %.0f ms%n",
                Median.of(starts),
                ROUNDS,
                starts.getLast());
    }

    private void many(FleetClient fleet) throws IOException, InterruptedException {
        long asked = System.nanoTime();
        for (int i = 0; i < MANY; i++) {
            fleet.createUnit(
                    "many-%d.service".formatted(i), UnitFile.parse(TEXT), JobState.LAUNCHED);
        }
        Until.holds(() -> active(fleet, "many-") == MANY);
        System.out.printf(
                Locale.ROOT,
                "%d units, until all are active: %.1f s%n",
                MANY,
                millisSince(asked) / 1e3);
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        List<MachineUse> before = daemons();
        TimeUnit.MILLISECONDS.sleep(IDLE.toMillis());
        for (MachineUse use : before) {
            MachineUse now = MachineUse.of(use.pid());
            System.out.printf(
                    Locale.ROOT,
                    "%s with %d units in the cluster, idle: resident %.0f MiB (its share %.0f MiB), CPU %.1f %% of one core%n",
                    name(use.pid()),
                    MANY,
                    now.residentKiB() / 1024.0,
                    now.shareKiB() / 1024.0,
                    1.0 * (now.cpuTicks() - use.cpuTicks()) / IDLE.toSeconds());
        }
        for (int i = 0; i < MANY; i++) {
            fleet.destroy("many-%d.service".formatted(i));
        }
    }

    private List<MachineUse> daemons() throws IOException {
        List<MachineUse> all = new ArrayList<>();
        for (long init : cluster.processes().values()) {
            for (ProcessHandle process :
                    ProcessHandle.of(init).orElseThrow().descendants().toList()) {
                if (!name(process.pid()).isEmpty()) {
                    all.add(MachineUse.of(process.pid()));
                }
            }
        }
        return all;
    }

    /** Empty for what is none of ours. */
    private static String name(long pid) throws IOException {
        List<String> words =
                List.of(
                        Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                                .split("\0"));
        int main = words.indexOf("flotilla.cli.Flotilla");
        return main >= 0 && main + 1 < words.size() ? words.get(main + 1) : "";
    }

    /**
     * Seconds; units that have lost a machine are held back when they lose another, so each has new
     * ones.
     */
    private double kill(int victim, int round) throws IOException, InterruptedException {
        String prefix = "kill-%d-".formatted(round);
        try (FleetClient fleet = fleetOf(1 + victim % MACHINES)) {
            String lost = FleetView.machineId(fleet, flotilla.address(victim));
            for (int i = 0; i < KILLED_UNITS; i++) {
                fleet.createUnit(
                        "%s%d.service".formatted(prefix, i),
                        UnitFile.parse(TEXT),
                        JobState.LAUNCHED);
            }
            Until.holds(() -> active(fleet, prefix) == KILLED_UNITS);
            long typed = System.nanoTime();
            flotilla.run("machine", "kill", Launcher.machine(victim)).text();
            Until.holds(() ->
                    fleet.listStates().stream()
                                    .filter(state ->
                                            String.valueOf(state.name()).startsWith(prefix))
                                    .filter(state -> !lost.equals(state.machineID()))
                                    .filter(state -> "active".equals(state.systemdActiveState()))
                                    .count()
                            == KILLED_UNITS);
            double seconds = millisSince(typed) / 1e3;
            flotilla.run("machine", "boot", Launcher.machine(victim)).text();
            Until.holds(() -> fleet.listMachines().size() == MACHINES);
            for (int i = 0; i < KILLED_UNITS; i++) {
                fleet.destroy("%s%d.service".formatted(prefix, i));
            }
            return seconds;
        }
    }

    private static long active(FleetClient fleet, String prefix) {
        return fleet.listStates().stream()
                .filter(state -> String.valueOf(state.name()).startsWith(prefix))
                .filter(state -> "active".equals(state.systemdActiveState()))
                .count();
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
