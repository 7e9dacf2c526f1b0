package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A day with fleet's command line, on a cluster of its own: one chapter per test, in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetIT {
    private static final int MACHINES = 3;
    private static final String SUBNET = "127.80.0";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final String RUNS = "[Service]\nExecStart=/bin/sleep 100000\n";
    private static final String SPEAKS =
            "[Service]\nExecStart=/bin/sh -c \"while :; do echo at work; sleep 1; done\"\n";

    private Launcher flotilla = new Launcher(Path.of("none"), SUBNET);
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);
    private Path units = Path.of("none");

    @BeforeAll
    void bring_it_up(@TempDir Path folder) throws IOException {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        flotilla = new Launcher(folder.resolve("home"), SUBNET);
        units = Files.createDirectory(folder.resolve("units"));
        Path userData =
                Files.writeString(
                        folder.resolve("user-data"),
                        """
                        #cloud-config
                        coreos:
                          etcd:
                            discovery: https://discovery.etcd.io/none
                            addr: $private_ipv4:4001
                            peer-addr: $private_ipv4:7001
                          fleet:
                            public-ip: $private_ipv4
                            metadata: region=here,disk=ssd
                          units:
                            - name: etcd.service
                              command: start
                            - name: fleet.service
                              command: start
                        """);
        flotilla.run("--version").text();
        flotilla.run("up", "--user-data", userData.toString()).text();
    }

    @AfterAll
    void leave_nothing() {
        flotilla.run("down", "--purge");
    }

    @Test
    @Order(1)
    void metadata_of_the_user_data_is_the_machines() {
        assertThat(cells("list-machines", "--no-legend", "--fields=ip,metadata"))
                .hasSize(MACHINES)
                .allMatch(row -> row.get(1).equals("disk=ssd,region=here"));
    }

    @Test
    @Order(2)
    void an_instance_starts_from_the_template_that_was_submitted() {
        assertThat(flotilla.run("submit", unit("web@.service", SPEAKS)).text())
                .isEqualTo("Unit web@.service inactive\n");

        assertThat(flotilla.run("start", "web@1").text())
                .matches(
                        "Unit web@1\\.service launched on [0-9a-f]{8}\\.\\.\\./127\\.80\\.0\\.1\\d\n");
        assertThat(cells("list-unit-files").getFirst())
                .containsExactly("UNIT", "HASH", "DSTATE", "STATE", "TARGET");
        assertThat(cells("list-unit-files", "--no-legend", "--fields=unit,dstate,state"))
                .containsExactly(
                        List.of("web@.service", "inactive", "inactive"),
                        List.of("web@1.service", "launched", "launched"));
        assertThat(cells("list-units", "--fields=unit,load,active,sub"))
                .containsExactly(
                        List.of("UNIT", "LOAD", "ACTIVE", "SUB"),
                        List.of("web@1.service", "loaded", "active", "running"));
        assertThat(flotilla.run("cat", "web@1").text()).isEqualTo(SPEAKS);
    }

    @Test
    @Order(3)
    void a_unit_that_dies_at_once_is_no_success() {
        Launcher.Result start =
                flotilla.run(
                        "start",
                        unit("dies.service", "[Service]\nExecStart=/bin/false\n"),
                        unit("nothing.service", "[Unit]\nDescription=No command\n"));

        assertThat(start.exit()).isEqualTo(1);
        assertThat(start.err())
                .contains("dies.service failed", "nothing.service can't be loaded (bad-setting)");
        assertThat(flotilla.run("status", "dies").exit()).isEqualTo(3);
        assertThat(flotilla.run("destroy", "dies", "nothing").text())
                .isEqualTo("Destroyed dies.service\nDestroyed nothing.service\n");
    }

    @Test
    @Order(4)
    void what_is_wrong_is_said_with_its_place_and_an_exit_code() {
        String bad = unit("bad.service", RUNS + "[X-Fleet]\nGlobal=yes\nMachineOf=web@1.service\n");
        Launcher.Result refused = flotilla.run("start", bad);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(bad + ":5:1: Global cannot be used with MachineOf");
        assertThat(flotilla.run("status", "unknown").exit()).isEqualTo(4);
        assertThat(flotilla.run("stop", "unknown").err())
                .contains("Unit unknown.service does not exist.");
        assertThat(flotilla.run("start").exit()).isEqualTo(2);
    }

    @Test
    @Order(5)
    void a_unit_that_fits_nowhere_says_why_for_each_machine() {
        unit("lb@.service", RUNS + "[X-Fleet]\nConflicts=lb@*.service\nMachineMetadata=disk=ssd\n");
        List<String> start = new ArrayList<>(List.of("start", "--block-attempts", "2"));
        for (int i = 1; i <= MACHINES + 1; i++) {
            start.add(units.resolve("lb@" + i).toString());
        }
        Launcher.Result started = flotilla.run(start.toArray(String[]::new));

        assertThat(started.exit()).isEqualTo(1);
        assertThat(started.err()).contains("timed out waiting for lb@4.service");
        assertThat(started.out().lines()).hasSize(MACHINES);
        Launcher.Result status = flotilla.run("status", "lb@4");
        assertThat(status.exit()).isEqualTo(3);
        assertThat(status.out()).startsWith("lb@4.service waits: no machine can have it\n");
        for (int i = 1; i <= MACHINES; i++) {
            assertThat(status.out()).contains("  core-0" + i + ": conflicts with lb@");
        }
        assertThat(flotilla.run("status", "-o", "json", "lb@4").out())
                .contains(
                        "\"waiting\":\"no machine can have it\"", "\"refusals\":[{\"machineID\":");
        flotilla.run("destroy", "lb@*").text();
        assertThat(places().keySet()).containsExactly("web@1.service");
    }

    @Test
    @Order(6)
    void a_global_unit_is_everywhere_and_a_companion_beside_its_unit() {
        String everywhere = unit("everywhere.service", SPEAKS + "[X-Fleet]\nGlobal=true\n");
        String beside = unit("beside.service", RUNS + "[X-Fleet]\nMachineOf=web@1.service\n");

        assertThat(flotilla.run("start", everywhere).text())
                .isEqualTo("Triggered global unit everywhere.service start\n");
        flotilla.run("start", beside).text();

        eventually("the global unit on each machine")
                .until(() -> at(places(), "everywhere.service").size() == MACHINES);
        assertThat(at(places(), "beside.service")).isEqualTo(at(places(), "web@1.service"));
        assertThat(flotilla.run("journal", "--lines", "1", "everywhere").text().lines())
                .as("a line of each machine's journal")
                .hasSize(MACHINES)
                .allMatch(line -> line.endsWith("at work"));
    }

    @Test
    @Order(7)
    void the_units_of_a_machine_that_dies_move_together() {
        String lost = at(places(), "web@1.service").iterator().next();
        flotilla.run("machine", "kill", machineAt(lost)).text();

        eventually("both units elsewhere, the global one on what is left")
                .until(
                        this::places,
                        now ->
                                now.containsKey("web@1.service")
                                        && !at(now, "web@1.service").contains(lost)
                                        && at(now, "web@1.service")
                                                .equals(at(now, "beside.service"))
                                        && at(now, "everywhere.service").size() == MACHINES - 1);
        eventually("what it says there")
                .until(() -> flotilla.run("journal", "web@1").out().contains("at work"));
        flotilla.run("start", "web@2").text();

        flotilla.run("machine", "boot", machineAt(lost)).text();
        eventually("the global unit is back on the machine")
                .until(() -> at(places(), "everywhere.service").contains(lost));
        assertThat(at(places(), "web@1.service")).as("nothing moves back").doesNotContain(lost);
    }

    @Test
    @Order(8)
    void a_machine_that_is_shut_down_hands_its_units_over_first() {
        String left = at(places(), "web@1.service").iterator().next();
        Launcher.Result stop = flotilla.run("machine", "stop", machineAt(left));

        assertThat(stop.exit()).isZero();
        assertThat(stop.out()).contains("Drained " + machineAt(left));
        assertThat(stop.err()).endsWith(machineAt(left) + " is down\n");
        assertThat(flotilla.run("history", "web@1").text()).contains("its machine is drained");
        eventually("both units elsewhere")
                .until(
                        this::places,
                        now ->
                                now.containsKey("web@1.service")
                                        && now.containsKey("beside.service")
                                        && !at(now, "web@1.service").contains(left));

        flotilla.run("machine", "boot", machineAt(left)).text();
        eventually("it is in the cluster, and as eligible as before")
                .until(() -> at(places(), "everywhere.service").contains(left));
    }

    @Test
    @Order(9)
    void what_can_go_nowhere_stops_with_its_machine_at_the_deadline() {
        String here = at(places(), "web@2.service").iterator().next();
        String pinned = unit("pinned.service", RUNS + "[X-Fleet]\nMachineID=" + idAt(here) + "\n");
        flotilla.run("start", pinned).text();

        Launcher.Result stop = flotilla.run("machine", "stop", "--deadline", "3s", machineAt(here));

        assertThat(stop.exit()).isZero();
        assertThat(stop.err())
                .contains(
                        "still has 1 at the deadline",
                        "pinned.service",
                        "What is left on " + machineAt(here) + " stops with it")
                .endsWith(machineAt(here) + " is down\n");
        flotilla.run("machine", "boot", machineAt(here)).text();
        eventually("it has its unit again")
                .until(() -> at(places(), "pinned.service").contains(here));
    }

    @Test
    @Order(10)
    void a_machine_that_is_to_stop_now_moves_nothing_before() {
        String here = at(places(), "web@1.service").iterator().next();
        long drained = drains("web@1");

        Launcher.Result stop = flotilla.run("machine", "stop", "--now", machineAt(here));

        assertThat(stop.out() + stop.err()).isEqualTo(machineAt(here) + " is down\n");
        eventually("what it had is elsewhere")
                .until(
                        this::places,
                        now ->
                                now.containsKey("web@1.service")
                                        && !at(now, "web@1.service").contains(here));
        assertThat(drains("web@1")).as("earlier, and not this time").isEqualTo(drained);
    }

    @Test
    @Order(11)
    void units_are_stopped_unloaded_and_destroyed() {
        Launcher.Result stop = flotilla.run("stop", "web@*");
        assertThat(stop.err())
                .endsWith("Successfully stopped units [web@1.service web@2.service].\n");
        assertThat(cells("list-units", "--no-legend", "--fields=unit,active"))
                .contains(List.of("web@1.service", "inactive"));

        assertThat(flotilla.run("unload", "web@1").out())
                .isEqualTo("Unit web@1.service inactive\n");
        assertThat(flotilla.run("stop", "web@1").err())
                .contains("Unable to stop unit web@1.service in state inactive");
        assertThat(cells("list-unit-files", "--no-legend", "--fields=unit,state"))
                .contains(List.of("web@1.service", "inactive"), List.of("web@2.service", "loaded"));

        flotilla.run("destroy", "*", "web@.service").text();
        assertThat(flotilla.run("list-units", "--no-legend").text()).isEmpty();
        assertThat(flotilla.run("list-unit-files", "--no-legend").text()).isEmpty();
    }

    /** How often a unit has left a machine that was drained. */
    private long drains(String unit) {
        return flotilla.run("history", unit)
                .text()
                .lines()
                .filter(line -> line.contains("its machine is drained"))
                .count();
    }

    /** Writes a unit file; its path. */
    private String unit(String name, String text) {
        try {
            return Files.writeString(units.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<List<String>> cells(String... command) {
        return flotilla.run(command)
                .text()
                .lines()
                .map(line -> Arrays.asList(line.strip().split("\\s+")))
                .toList();
    }

    /** The addresses at which each unit is active. */
    private Map<String, Set<String>> places() {
        Map<String, Set<String>> places = new TreeMap<>();
        for (List<String> row :
                cells("list-units", "--no-legend", "--full", "--fields=unit,machine,active")) {
            if (row.size() == 3 && row.get(2).equals("active")) {
                String machine = row.get(1);
                places.computeIfAbsent(row.getFirst(), _ -> new TreeSet<>())
                        .add(machine.substring(machine.indexOf('/') + 1));
            }
        }
        return places;
    }

    private static Set<String> at(Map<String, Set<String>> places, String unit) {
        return places.getOrDefault(unit, Set.of());
    }

    private String idAt(String address) {
        return cells("list-machines", "--no-legend", "--full", "--fields=machine,ip").stream()
                .filter(row -> row.getLast().equals(address))
                .map(List::getFirst)
                .findFirst()
                .orElseThrow();
    }

    private static String machineAt(String address) {
        return "core-0" + address.charAt(address.length() - 1);
    }

    private static ConditionFactory eventually(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(LOOK_AGAIN);
    }
}
