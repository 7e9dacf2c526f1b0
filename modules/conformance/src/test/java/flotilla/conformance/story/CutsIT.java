package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Units;
import flotilla.provision.Progress;
import flotilla.provision.hosts.Equipment;
import flotilla.provision.hosts.Ground;
import flotilla.provision.hosts.HostsHome;
import flotilla.provision.hosts.HostsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts that take a silent one for dead after three seconds: under full load none is, and when they
 * are cut off at random no unit runs twice for longer than its {@code OnLost=} says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CutsIT {
    private static final String SUBNET = "10.203.77";
    private static final List<String> HOSTS = List.of("core-01", "core-02", "core-03");

    /** How long each chapter goes on. */
    private static final Duration LONG =
            Duration.ofSeconds(Long.getLong("flotilla.long.seconds", 600));

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final Duration COMMAND = Duration.ofMinutes(2);

    /** Looks of the watch, some tens a second, that a disturbance lasts at most. */
    private static final int HOLD_MAX = 400;

    private static final String SLEEPS = "sleep infinity";
    private static final Kind SINGLE = new Kind("single", 2, "Conflicts=single@*", SLEEPS);
    private static final Kind KEPT = new Kind("kept", 2, "OnLost=keep", SLEEPS);
    private static final Kind BUSY = new Kind("busy", 4, "", "sh -c 'while :; do :; done'");

    private final HostsProvider none =
            new HostsProvider(
                    new HostsHome(Path.of("none"), SUBNET),
                    Equipment.showing(List.of()),
                    Progress.SILENT);
    private Launcher flotilla = new Launcher(Path.of("none"), SUBNET);
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);
    private HostsProvider hosts = none;

    @BeforeAll
    void bring_it_up(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Boolean.getBoolean("flotilla.long"),
                "SKIPPED: it takes twenty minutes: -Dflotilla.long=true runs it");
        assumeTrue(Program.onPath("mvn").isPresent(), "SKIPPED: ./flotilla needs Maven to build");
        Ground.problem().ifPresent(problem -> assumeTrue(false, "SKIPPED: " + problem));
        flotilla = new Launcher(folder.resolve("home"), SUBNET);
        Path userData = Files.writeString(folder.resolve("user-data.yml"), userData());
        flotilla.run("up", "--provider", "hosts", "--user-data", userData.toString()).text();
        hosts =
                new HostsProvider(
                        new HostsHome(flotilla.home().resolve("hosts"), SUBNET),
                        Equipment.showing(List.of()),
                        Progress.SILENT);
        start(folder, SINGLE);
        start(folder, KEPT);
    }

    /** The article's, with machines that are soon missed. */
    private static String userData() throws IOException {
        return Files.readString(Launcher.script().resolveSibling("examples/user-data.yml"))
                .replace("public-ip:", "agent-ttl: 3s\n    public-ip:");
    }

    /**
     * Instances of one template.
     *
     * @param wishes a line of [X-Fleet]
     */
    private record Kind(String template, int count, String wishes, String program) {
        List<String> units() {
            return IntStream.rangeClosed(1, count)
                    .mapToObj(i -> template + "@" + i + ".service")
                    .toList();
        }

        String text() {
            return "[Service]\nExecStart=/bin/%s\n[X-Fleet]\n%s\n".formatted(program, wishes);
        }
    }

    private void start(Path folder, Kind kind) throws IOException {
        Files.writeString(folder.resolve(kind.template() + "@.service"), kind.text());
        List<String> start = new ArrayList<>(List.of("start"));
        kind.units().forEach(unit -> start.add(folder.resolve(unit).toString()));
        flotilla.run(start.toArray(String[]::new)).text();
    }

    @AfterAll
    void leave_nothing() {
        if (hosts != none) {
            flotilla.run("down", "--purge");
        }
    }

    @Test
    @Order(1)
    void under_full_load_no_host_is_taken_for_dead(@TempDir Path folder, TestReporter reporter)
            throws IOException, InterruptedException {
        start(folder, BUSY);
        Map<String, String> before = awaitAll();
        List<String> all = Stream.concat(units().stream(), BUSY.units().stream()).toList();

        try (Copies copies = Copies.watch(hosts, HOSTS, all)) {
            copies.awaitLooks(1);
            long until = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() < until) {
                copies.awaitLooks(1);
            }
            reporter.publishEntry("looks", Long.toString(copies.looks()));

            for (String unit : all) {
                assertThat(copies.processes(unit)).as("processes of " + unit).hasSize(1);
            }
            assertThat(awaitAll()).isEqualTo(before);
        }
        List<String> destroy = new ArrayList<>(List.of("destroy"));
        destroy.addAll(BUSY.units());
        flotilla.run(destroy.toArray(String[]::new)).text();
    }

    @Test
    @Order(2)
    void hosts_that_are_cut_off_at_random_run_nothing_twice_that_must_not(TestReporter reporter)
            throws InterruptedException {
        long seed = Long.getLong("flotilla.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> told = new ArrayList<>();

        try (Copies copies = Copies.watch(hosts, HOSTS, units())) {
            long until = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() < until) {
                told.add(disturb(random, copies));
                assertThat(copies.twice())
                        .as("seed %d: %s", seed, String.join(", ", told))
                        .noneMatch(twice -> SINGLE.units().contains(twice.unit()));
                if (random.nextBoolean()) {
                    awaitWhole(copies);
                }
            }
            awaitWhole(copies);
            Map<String, String> entries = new LinkedHashMap<>();
            entries.put("seed", Long.toString(seed));
            entries.put("disturbances", Integer.toString(told.size()));
            entries.put("kept ones twice", copies.twice().toString());
            entries.put("what was done", String.join(", ", told));
            reporter.publishEntry(entries);
        }
    }

    private static List<String> units() {
        return Stream.concat(SINGLE.units().stream(), KEPT.units().stream()).toList();
    }

    /** Cuts, or ends a daemon, for some time; what was done. */
    private String disturb(Random random, Copies copies) throws InterruptedException {
        List<String> shuffled = new ArrayList<>(HOSTS);
        Collections.shuffle(shuffled, random);
        String host = shuffled.getFirst();
        int hold = 1 + random.nextInt(HOLD_MAX);
        int what = random.nextInt(6);
        switch (what) {
            case 0, 1, 2 -> {
                hosts.cut(host, shuffled.subList(1, HOSTS.size()));
                copies.awaitLooks(hold);
                hosts.heal(host);
            }
            case 3 -> {
                hosts.cut(host, shuffled.subList(1, 2));
                copies.awaitLooks(hold);
                hosts.heal(host);
            }
            case 4 -> in(host, "systemctl", "kill", "--signal=KILL", "fleet");
            default -> in(host, "systemctl", "restart", "etcd");
        }
        return switch (what) {
            case 0, 1, 2 -> host + " cut from all for " + hold;
            case 3 -> "%s cut from %s for %d".formatted(host, shuffled.get(1), hold);
            case 4 -> "fleet killed on " + host;
            default -> "etcd restarted on " + host;
        };
    }

    private void in(String host, String... command) throws InterruptedException {
        assertThat(hosts.run(host, COMMAND, command).exit()).as(String.join(" ", command)).isZero();
    }

    /** Waits until each unit is active once, and nothing of another copy is left. */
    private void awaitWhole(Copies copies) {
        awaitAll();
        Awaitility.await("the end of second copies")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(() -> !copies.isAnyTwiceNow());
    }

    /** Where each unit is active, once all are. */
    private Map<String, String> awaitAll() {
        return Awaitility.await("all units active")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .ignoreExceptionsMatching(
                        problem -> String.valueOf(problem.getMessage()).contains("is active on"))
                .until(
                        () -> new TreeMap<>(Units.active(flotilla)),
                        places -> places.keySet().containsAll(units()));
    }
}
