package flotilla.bench;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a user waits for: {@code ./flotilla up} until its table, and a machine's death until its
 * units are active elsewhere; and what a machine costs while nothing happens. It drives the built
 * {@code ./flotilla} with a cluster of its own, which it removes at the end.
 */
public final class UpAndFailOver {
    private static final String SUBNET = "127.79.0";
    private static final int MACHINES = 3;

    private static final int UNITS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_AGAIN_MILLIS = 100;

    /** Time for the machines to settle before their idle use is measured. */
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static final Duration IDLE = Duration.ofSeconds(20);

    private final OwnCluster cluster;
    private final Launcher flotilla;

    private UpAndFailOver(OwnCluster cluster) {
        this.cluster = cluster;
        this.flotilla = cluster.flotilla();
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new UpAndFailOver(OwnCluster.at(SUBNET)).run();
    }

    private void run() throws IOException, InterruptedException {
        // Builds if need be, and rehearses, which is part of the first up after a build.
        flotilla.run("up").text();
        flotilla.run("down", "--purge").text();
        say("up, new cluster", seconds(() -> flotilla.run("up").text()), "s to the table");
        flotilla.run("down").text();
        say("up, cluster with data", seconds(() -> flotilla.run("up").text()), "s to the table");
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        idle();
        failOver(false);
        // Anew, for units that have lost a machine just now are held back when they lose another.
        flotilla.run("down", "--purge").text();
        flotilla.run("up").text();
        failOver(true);
    }

    private void idle() throws IOException, InterruptedException {
        List<MachineUse> before = new ArrayList<>();
        for (long pid : cluster.processes().values()) {
            before.add(MachineUse.of(pid));
        }
        TimeUnit.MILLISECONDS.sleep(IDLE.toMillis());
        for (MachineUse use : before) {
            MachineUse now = MachineUse.of(use.pid());
            System.out.printf(
                    Locale.ROOT,
                    "machine process %d, idle: resident %.0f MiB (its share %.0f MiB), CPU %.1f %% of one core%n",
                    use.pid(),
                    now.residentKiB() / 1024.0,
                    now.shareKiB() / 1024.0,
                    100.0 * (now.cpuTicks() - use.cpuTicks()) / (100.0 * IDLE.toSeconds()));
        }
    }

    private void startUnits() {
        List<String> start = new ArrayList<>(List.of("start"));
        for (int i = 1; i <= 6; i++) {
            start.add("examples/api@" + i + ".service");
        }
        start.add("examples/lb@1.service");
        start.add("examples/lb@2.service");
        flotilla.run(start.toArray(String[]::new)).text();
        awaitUnits(places -> places.size() == UNITS);
    }

    /**
     * Starts units and kills a machine, while asking a load balancer elsewhere all the time.
     *
     * @param leading whether it is the one that leads the store
     */
    private void failOver(boolean leading) throws InterruptedException {
        say("start 8 units", seconds(this::startUnits), "s until all are active");
        Map<String, String> places = Units.active(flotilla);
        String leader = storeLeader();
        int victim =
                IntStream.rangeClosed(1, MACHINES)
                        .filter(machine -> flotilla.address(machine).equals(leader) == leading)
                        .findFirst()
                        .orElseThrow();
        int survivor =
                Stream.of("lb@1.service", "lb@2.service")
                        .map(unit -> machineAt(places.getOrDefault(unit, "")))
                        .filter(machine -> machine != victim)
                        .findFirst()
                        .orElseThrow();
        String name = Launcher.machine(victim);
        try (FleetView fleet = new FleetView(flotilla.root(survivor));
                Asker asker = new Asker("http://" + flotilla.address(survivor) + ":8080/")) {
            String lost = fleet.machineId(flotilla.address(victim));
            asker.awaitAnswer();
            long typed = System.nanoTime();
            flotilla.run("machine", "kill", name).text();
            double command = (System.nanoTime() - typed) / 1e9;
            fleet.awaitElsewhere(UNITS, lost);
            System.out.printf(
                    Locale.ROOT,
                    "kill %s%s: %.1f s until its units are active elsewhere, %.1f of it the command%n",
                    name,
                    leading ? ", which leads the store" : "",
                    (System.nanoTime() - typed) / 1e9,
                    command);
            TimeUnit.SECONDS.sleep(3);
            System.out.printf(
                    Locale.ROOT,
                    "  through the surviving lb: %d answers, %d failures, longest gap without an answer %.2f s%n",
                    asker.answers(),
                    asker.failures(),
                    asker.longestGapSeconds());
        }
    }

    private String storeLeader() {
        List<String> members =
                IntStream.rangeClosed(1, MACHINES)
                        .mapToObj(machine -> flotilla.address(machine) + ":2379")
                        .toList();
        String leader = Load.leader(members);
        return leader.substring(0, leader.indexOf(':'));
    }

    private int machineAt(String address) {
        for (int machine = 1; machine <= MACHINES; machine++) {
            if (flotilla.address(machine).equals(address)) {
                return machine;
            }
        }
        throw new IllegalStateException("no machine has address '" + address + "'");
    }

    private void awaitUnits(Predicate<Map<String, String>> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(Units.active(flotilla))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "units after " + PATIENCE + ": " + Units.active(flotilla));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private static double seconds(Runnable step) {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void say(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "%s: %.1f %s%n", what, value, unit);
    }
}
