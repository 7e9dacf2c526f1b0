package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Listeners;
import flotilla.conformance.servers.Program;
import flotilla.provision.Progress;
import flotilla.provision.hosts.CommandResult;
import flotilla.provision.hosts.Equipment;
import flotilla.provision.hosts.Ground;
import flotilla.provision.hosts.HostsHome;
import flotilla.provision.hosts.HostsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The article's story on hosts that systemd runs; one chapter per test, each on those before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostsIT {
    private static final String SUBNET = "10.205.77";
    private static final int MACHINES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final Duration COMMAND = Duration.ofSeconds(30);

    private Launcher flotilla = new Launcher(Path.of("none"), SUBNET);
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);
    private Optional<String> obstacle = Optional.of("nothing was tried");
    private Optional<Laptop> laptop = Optional.empty();
    private Launcher.Result up = new Launcher.Result("up", -1, "", "");

    @BeforeAll
    void bring_it_up(@TempDir Path folder) throws IOException, InterruptedException {
        obstacle =
                Program.onPath("mvn").isPresent()
                        ? Ground.problem()
                        : Optional.of("./flotilla needs Maven to build");
        assumeTrue(obstacle.isEmpty(), () -> "SKIPPED: " + obstacle.orElse(""));
        flotilla = new Launcher(folder.resolve("home"), SUBNET);
        flotilla.run("--version").text();
        up = flotilla.run("up", "--provider", "hosts", "--user-data", userData(folder).toString());
    }

    /** The article's, and who may come by ssh where there is one. */
    private Path userData(Path folder) throws IOException {
        String text = Files.readString(Launcher.script().resolveSibling("examples/user-data.yml"));
        if (Files.exists(Path.of("/usr/sbin/sshd"))) {
            Laptop own = Laptop.open(flotilla, folder.resolve("laptop"));
            laptop = Optional.of(own);
            text += "\nssh_authorized_keys:\n  - " + own.publicKey() + "\n";
        }
        return Files.writeString(folder.resolve("user-data.yml"), text);
    }

    @AfterAll
    void leave_nothing() {
        laptop.ifPresent(Laptop::close);
        if (obstacle.isEmpty()) {
            flotilla.run("down", "--purge");
        }
    }

    private HostsProvider hosts() {
        return new HostsProvider(
                new HostsHome(flotilla.home().resolve("hosts"), SUBNET),
                Equipment.showing(List.of()),
                Progress.SILENT);
    }

    private Picture picture() {
        return new Picture(flotilla);
    }

    private String in(String host, String... command) throws InterruptedException {
        CommandResult result = hosts().run(host, COMMAND, command);
        assertThat(result.exit()).as(String.join(" ", command) + "\n" + result.out()).isZero();
        return result.out().strip();
    }

    @Test
    @Order(1)
    void up_makes_hosts_that_have_etcd_and_fleet_as_services_of_systemd()
            throws InterruptedException {
        assertThat(up.text().lines()).hasSize(1 + MACHINES);
        for (int machine = 1; machine <= MACHINES; machine++) {
            String name = Launcher.machine(machine);
            assertThat(up.out()).contains(flotilla.address(machine));
            assertThat(in(name, "systemctl", "is-active", "etcd", "fleet").lines())
                    .containsExactly("active", "active");
            assertThat(in(name, "systemctl", "show", "-p", "User", "--value", "etcd"))
                    .isEqualTo("flotilla-etcd");
            assertThat(in(name, "cat", "/run/systemd/system/etcd.service.d/20-cloudinit.conf"))
                    .contains("ETCD_ADDR=" + flotilla.address(machine) + ":4001");
        }
        assertThat(flotilla.run("status").text()).contains("leader").contains("follower");
    }

    @Test
    @Order(2)
    void what_makes_somebody_root_is_written_with_a_certificate_alone()
            throws InterruptedException {
        assumeTrue(Program.onPath("etcdctl").isPresent(), "SKIPPED: etcd-client is not installed");
        String trust = "/var/lib/flotilla/trust/";
        String script =
                """
                export ETCDCTL_API=3
                etcdctl --endpoints https://ADDRESS:2379 --cacert DIRca.pem --cert DIRmachine.pem --key DIRkey.pem put story kept
                etcdctl get --print-value-only story
                for key in /flotilla/fleet/cluster/job/evil.service /flotilla/trust/tokens/evil; do
                    etcdctl put $key y 2>&1 || true
                done
                """
                        .replace("ADDRESS", flotilla.address(2))
                        .replace("DIR", trust);

        assertThat(in("core-01", "sh", "-c", script).lines().filter(line -> !line.startsWith("{")))
                .containsExactly(
                        "OK",
                        "kept",
                        "Error: etcdserver: permission denied",
                        "Error: etcdserver: permission denied");
        assertThat(in("core-01", "stat", "-c", "%a %U", trust, trust + "key.pem"))
                .isEqualTo("700 root\n600 root");
    }

    @Test
    @Order(3)
    void nothing_of_a_host_is_reached_but_what_tls_guards() throws InterruptedException {
        for (int machine = 1; machine <= MACHINES; machine++) {
            String name = Launcher.machine(machine);
            Listeners listening = Listeners.read(in(name, "sh", "-c", Listeners.COMMAND));
            assertThat(Set.of(2379, 2380, 49153, 22))
                    .as(name)
                    .containsAll(listening.reachedByOthers());
            assertThat(listening.reachedByOthers()).as(name).contains(2379, 2380, 49153);
            assertThat(listening.ownOnLoopback()).as("loopback of " + name).containsExactly(2379);
            assertThat(in(name, "ss", "-lunH")).as("datagrams at " + name).isEmpty();
        }
        for (int port : List.of(2379, 2380, 49153)) {
            String where = flotilla.address(1) + ":" + port;
            assertThat(in("core-02", "sh", "-c", Listeners.strangers(where)))
                    .as(where)
                    .matches(Listeners::getNothing);
        }
    }

    @Test
    @Order(4)
    void who_has_the_operators_certificate_asks_a_host_from_outside() {
        Path operator = flotilla.home().resolve("operator");

        assertThat(
                        flotilla.run(
                                        "list-machines",
                                        "--no-legend",
                                        "--endpoint=https://" + flotilla.address(3) + ":49153",
                                        "--cert-file=" + operator.resolve("cert.pem"),
                                        "--key-file=" + operator.resolve("key.pem"),
                                        "--ca-file=" + operator.resolve("ca.pem"))
                                .text()
                                .lines())
                .hasSize(MACHINES);
        assertThat(
                        flotilla.run(
                                        List.of(
                                                "stat",
                                                "-c",
                                                "%a",
                                                operator.toString(),
                                                operator.resolve("key.pem").toString(),
                                                operator.resolve("cert.pem").toString()))
                                .text())
                .isEqualTo("700\n600\n600\n");
        assertThat(flotilla.run("machine", "certificates", "--no-legend", "--fields=name").text())
                .hasLineCount(MACHINES);
    }

    @Test
    @Order(5)
    void a_second_cluster_in_the_same_subnet_is_refused_and_leaves_nothing(@TempDir Path folder) {
        Launcher second = new Launcher(folder.resolve("home"), SUBNET);

        Launcher.Result refused = second.run("up", "--provider", "hosts");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("the subnet 10.205.77.0/24 is in use here");
        assertThat(folder.resolve("home/hosts")).doesNotExist();
        assertThat(folder.resolve("home/hosts.subnet")).doesNotExist();
        assertThat(flotilla.run("status").exit()).isZero();
    }

    @Test
    @Order(6)
    void the_articles_eight_units_are_units_of_systemd_on_three_hosts()
            throws InterruptedException {
        picture().start();

        Map<String, String> places = picture().awaitActive(Set.of());

        assertThat(new TreeSet<>(places.values())).hasSize(MACHINES);
        assertThat(places.get("lb@1.service")).isNotEqualTo(places.get("lb@2.service"));
        for (String unit : Picture.UNITS) {
            assertThat(in(host(places.getOrDefault(unit, "")), "systemctl", "is-active", unit))
                    .isEqualTo("active");
        }
    }

    @Test
    @Order(7)
    void a_request_through_the_load_balancer_reaches_every_api() {
        picture().awaitAnswersOfAll();
    }

    @Test
    @Order(8)
    void fleetctl_from_elsewhere_goes_through_ssh_to_hosts_that_it_knows() throws IOException {
        elsewhere().fleetctlGoesThroughSshToHostsThatItKnows(Picture.UNITS);
    }

    @Test
    @Order(9)
    void a_shell_on_a_machine_or_where_a_unit_is_goes_over_another_with_the_agent() {
        String unit = "api@2.service";
        String place = picture().awaitActive(Set.of()).getOrDefault(unit, "");

        elsewhere().shellsGoOverTheTunnelWithTheAgent(unit, host(place));
    }

    @Test
    @Order(10)
    void the_originals_tunnel_speaks_over_the_pipes_of_a_command() {
        elsewhere().theOriginalsTunnelSpeaksOverThePipesOfACommand(flotilla.address(3));
    }

    @Test
    @Order(10)
    void a_tunnel_does_not_outlive_a_fleetctl_that_is_killed() {
        elsewhere().aTunnelDoesNotOutliveAFleetctlThatIsKilled();
    }

    @Test
    @Order(11)
    void each_host_tells_how_units_of_the_others_fare() {
        Map<String, String> places = new TreeMap<>(picture().awaitActive(Set.of()));
        places.replaceAll((unit, address) -> host(address));
        places.keySet().retainAll(List.of("api@1.service", "api@2.service", "api@3.service"));

        elsewhere().statusAndJournalAreThereOfUnitsOfEveryHost(places);
    }

    private Elsewhere elsewhere() {
        assumeTrue(laptop.isPresent(), "SKIPPED: there is no sshd here (openssh-server)");
        return new Elsewhere(laptop.orElseThrow(), flotilla.address(1));
    }

    @Test
    @Order(12)
    void a_restart_of_fleet_touches_no_unit() throws InterruptedException {
        Map<String, String> before = processes("core-01");

        in("core-01", "systemctl", "restart", "fleet");
        picture().awaitMachines(MACHINES);
        picture().awaitActive(Set.of());

        assertThat(processes("core-01")).isEqualTo(before).isNotEmpty();
    }

    @Test
    @Order(13)
    void a_host_that_loses_its_power_loses_its_units_to_the_others() {
        String lost = flotilla.address(2);
        flotilla.run("machine", "kill", "core-02").text();

        Map<String, String> places = picture().awaitActive(Set.of(lost));

        assertThat(places.values()).doesNotContain(lost);
        assertThat(picture().machines()).doesNotContain(lost).hasSize(MACHINES - 1);
    }

    @Test
    @Order(14)
    void a_host_that_boots_again_is_back_with_its_data_and_without_old_units()
            throws InterruptedException {
        flotilla.run("machine", "boot", "core-02").text();

        picture().awaitMachines(MACHINES);
        Map<String, String> places = picture().awaitActive(Set.of());

        for (String unit : processes("core-02").keySet()) {
            assertThat(places.get(unit)).as(unit).isEqualTo(flotilla.address(2));
        }
    }

    @Test
    @Order(15)
    void a_host_that_is_cut_off_stops_what_must_not_run_twice() throws InterruptedException {
        Map<String, String> before = picture().awaitActive(Set.of());
        String unit = "lb@1.service";
        String cut = host(before.getOrDefault(unit, ""));
        List<String> others =
                Stream.of("core-01", "core-02", "core-03")
                        .filter(name -> !name.equals(cut))
                        .toList();

        hosts().cut(cut, others);
        Awaitility.await(unit + " on another host")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(() -> others.stream().anyMatch(name -> isActive(name, unit)));

        assertThat(isActive(cut, unit)).as(unit + " on " + cut + ", which is cut off").isFalse();
        hosts().heal(cut);
        picture().awaitMachines(MACHINES);
        picture().awaitActive(Set.of());
    }

    @Test
    @Order(16)
    void down_with_purge_leaves_nothing() throws InterruptedException {
        flotilla.run("down", "--purge").text();

        assertThat(flotilla.home()).doesNotExist();
        assertThat(flotilla.run(List.of("ip", "-o", "addr")).text()).doesNotContain(SUBNET);
        assertThat(flotilla.run(List.of("cat", "/proc/mounts")).text())
                .doesNotContain(flotilla.home().toString());
    }

    private boolean isActive(String host, String unit) {
        try {
            return hosts().run(host, COMMAND, "systemctl", "is-active", "--quiet", unit).isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + host, e);
        }
    }

    /** The story's units of a host: the main process of each that runs. */
    private Map<String, String> processes(String host) throws InterruptedException {
        Map<String, String> processes = new TreeMap<>();
        for (String unit : Picture.UNITS) {
            if (isActive(host, unit)) {
                processes.put(
                        unit, in(host, "systemctl", "show", "-p", "MainPID", "--value", unit));
            }
        }
        return processes;
    }

    private static String host(String address) {
        return Launcher.machine(
                Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)) - 10);
    }
}
