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
 * What somebody waits for who starts and stops units, and what a machine costs that has 500 of
 * them. It drives the built {@code ./flotilla} with a cluster of its own, which it removes at the
 * end.
 */
public final class ManyUnits {
    private static final String SUBNET = "127.79.2";
    private static final int ROUNDS = 40;
    private static final int UNITS = 500;
    private static final int BUSY_MACHINE = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final OwnCluster cluster;
    private final Launcher flotilla;

    private ManyUnits(OwnCluster cluster) {
        this.cluster = cluster;
        this.flotilla = cluster.flotilla();
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        OwnCluster cluster = OwnCluster.at(SUBNET);
        Facts.print(System.out, cluster.folder(), List.of("units"));
        new ManyUnits(cluster).run();
    }

    private void run() throws IOException, InterruptedException {
        flotilla.run("up").text();
        try (FleetClient fleet =
                FleetClient.to(FleetClient.at(FleetDaemon.socket(flotilla.root(1))), PATIENCE)) {
            String busy = FleetView.machineId(fleet, flotilla.address(BUSY_MACHINE));
            String text =
                    "[Service]\nExecStart=/bin/sleep infinity\n[X-Fleet]\nMachineID=%s\n"
                            .formatted(busy);
            waits(fleet, text);
            commands(text);
            many(fleet, text, busy);
        }
    }

    /** Asked by one who is at fleet's API already, and looks every few milliseconds. */
    private static void waits(FleetClient fleet, String text) throws InterruptedException {
        List<Double> starts = new ArrayList<>();
        List<Double> stops = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String unit = "one-%d.service".formatted(round);
            long asked = System.nanoTime();
            fleet.createUnit(unit, UnitFile.parse(text), JobState.LAUNCHED);
            Until.holds(() -> isActive(fleet, unit));
            starts.add(millisSince(asked));
            asked = System.nanoTime();
            fleet.setDesiredState(unit, JobState.LOADED);
            Until.holds(() -> !isActive(fleet, unit));
            stops.add(millisSince(asked));
            fleet.destroy(unit);
        }
        tell("a unit asked for by the API, until active", starts);
        tell("its stop, until inactive", stops);
    }

    private void commands(String text) throws IOException {
        List<Double> starts = new ArrayList<>();
        List<Double> stops = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Path file = cluster.folder().resolve("two-%d.service".formatted(round));
            Files.writeString(file, text);
            long typed = System.nanoTime();
            flotilla.run("start", file.toString()).text();
            starts.add(millisSince(typed));
            typed = System.nanoTime();
            flotilla.run("stop", file.getFileName().toString()).text();
            stops.add(millisSince(typed));
            flotilla.run("destroy", file.getFileName().toString()).text();
        }
        tell("flotilla start, a new unit, until the command ends", starts);
        tell("flotilla stop, until the command ends", stops);
    }

    private void many(FleetClient fleet, String text, String busy)
            throws IOException, InterruptedException {
        MachineUse before = use();
        long asked = System.nanoTime();
        fleet.createUnit("many@.service", UnitFile.parse(text), JobState.INACTIVE);
        for (int i = 1; i <= UNITS; i++) {
            fleet.createUnit(
                    "many@%d.service".formatted(i), UnitFile.parse(text), JobState.LAUNCHED);
        }
        double said = millisSince(asked);
        Until.holds(() -> active(fleet, busy) == UNITS);
        System.out.printf(
                Locale.ROOT,
                "%d units on one machine: %.1f s until all are active (%.1f s of it until the last was asked for), %.1f s of its processor time%n",
                UNITS,
                millisSince(asked) / 1e3,
                said / 1e3,
                (use().cpuTicks() - before.cpuTicks()) / 100.0);
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        MachineUse settled = use();
        TimeUnit.MILLISECONDS.sleep(IDLE.toMillis());
        MachineUse now = use();
        System.out.printf(
                Locale.ROOT,
                "that machine afterwards, idle: resident %.0f MiB (before: %.0f MiB), CPU %.1f %% of one core%n",
                now.residentKiB() / 1024.0,
                before.residentKiB() / 1024.0,
                1.0 * (now.cpuTicks() - settled.cpuTicks()) / IDLE.toSeconds());
    }

    private MachineUse use() throws IOException {
        return MachineUse.of(cluster.process(Launcher.machine(BUSY_MACHINE)));
    }

    private static boolean isActive(FleetClient fleet, String unit) {
        return fleet.states(unit).stream()
                .anyMatch(state -> "active".equals(state.systemdActiveState()));
    }

    private static long active(FleetClient fleet, String machine) {
        return fleet.statesOn(machine).stream()
                .filter(state -> "active".equals(state.systemdActiveState()))
                .count();
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void tell(String what, List<Double> millis) {
        System.out.printf(
                Locale.ROOT,
                "%s: median %.0f ms, longest of %d %.0f ms%n",
                what,
                Median.of(millis),
                millis.size(),
                Collections.max(millis));
    }
}
