package flotilla.provision.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.machine.Host;
import flotilla.machine.systemd.Reach;
import flotilla.machine.systemd.SystemdHost;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three real hosts; SKIPPED where there can be none. */
@TestMethodOrder(MethodName.class)
class HostsTest {
    private static final String SUBNET = "10.201.77";
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration COMMAND = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 50;

    @TempDir private static Path folder;

    private static HostsHome home;
    private static HostsProvider hosts;

    @BeforeAll
    static void three_hosts() throws InterruptedException {
        Optional<String> problem = Ground.problem();
        assumeTrue(problem.isEmpty(), () -> "SKIPPED: " + problem.orElse(""));
        home = new HostsHome(folder.resolve("hosts"), SUBNET);
        hosts =
                new HostsProvider(
                        home,
                        Equipment.showing(List.of(new Shown(folder, Path.of("/usr/lib/shown")))),
                        Progress.SILENT);
        hosts.create(3, "#cloud-config\nhostname: first\n");
        for (Machine host : hosts.machines()) {
            assertThat(hosts.awaitBoot(host.name(), BOOT)).isEqualTo("running");
        }
    }

    /** What is left behind would be found by the last test, or by whoever comes next. */
    @AfterAll
    static void none() throws InterruptedException {
        if (hosts != null) {
            hosts.destroy();
        }
    }

    private static String in(String host, String... command) throws InterruptedException {
        CommandResult result = hosts.run(host, COMMAND, command);
        assertThat(result.exit()).as(String.join(" ", command) + "\n" + result.out()).isZero();
        return result.out().strip();
    }

    private static String bootId(String host) throws InterruptedException {
        return in(host, "cat", "/proc/sys/kernel/random/boot_id");
    }

    @Test
    void each_is_a_machine_of_its_own() throws IOException, InterruptedException {
        for (Machine host : hosts.machines()) {
            assertThat(host.up()).isTrue();
            assertThat(in(host.name(), "hostname")).isEqualTo(host.name());
            assertThat(in(host.name(), "cat", "/etc/machine-id")).isEqualTo(host.machineId());
            assertThat(in(host.name(), "ip", "-4", "-o", "addr", "show", "eth0"))
                    .contains("inet " + host.address() + "/24");
            assertThat(in(host.name(), "cat", "/proc/1/comm")).isEqualTo("systemd");
        }
        assertThat(hosts.machines().stream().map(Machine::machineId).distinct()).hasSize(3);
        assertThat(bootId("core-01")).isNotEqualTo(bootId("core-02"));
    }

    @Test
    void it_sees_this_machines_software_and_nothing_else_of_it()
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("note"), "to all");

        assertThat(in("core-01", "cat", "/usr/lib/shown/note")).isEqualTo("to all");
        assertThat(hosts.run("core-01", COMMAND, "touch", "/usr/lib/shown/x").isDone()).isFalse();
        assertThat(in("core-01", "ls", "/home")).isEmpty();
        assertThat(in("core-01", "ls", "/etc/systemd/system/multi-user.target.wants"))
                .doesNotContain("cron");
        assertThat(hosts.run("core-01", COMMAND, "test", "-e", folder.toString()).exit())
                .isEqualTo(1);
    }

    @Test
    void its_user_data_is_where_coreos_cloudinit_looks_and_for_root_alone()
            throws InterruptedException {
        String file = "/" + Furnishing.USER_DATA;

        assertThat(in("core-02", "cat", file)).contains("hostname: first");
        assertThat(in("core-02", "stat", "-c", "%a %U", file)).isEqualTo("600 root");
    }

    @Test
    void a_cut_keeps_two_hosts_apart_until_it_is_healed() throws InterruptedException {
        listens("core-01");
        assertThat(hears("core-02")).isTrue();

        hosts.cut("core-01", List.of("core-02"));

        assertThat(hosts.cutFrom("core-01")).containsExactly("core-02");
        assertThat(hears("core-02")).isFalse();
        assertThat(hears("core-03")).isTrue();

        hosts.heal("core-01");

        assertThat(hosts.cutFrom("core-01")).isEmpty();
        assertThat(hears("core-02")).isTrue();
    }

    /** A socket of systemd's that says a word to whoever comes. */
    private static void listens(String host) throws InterruptedException {
        in(
                host,
                "sh",
                "-c",
                "cd /run/systemd/system"
                        + " && printf '[Socket]\\nListenStream=7\\nAccept=yes\\n' >word.socket"
                        + " && printf '[Service]\\nExecStart=/bin/echo here\\nStandardOutput=socket\\n'"
                        + " >word@.service && systemctl daemon-reload && systemctl start word.socket");
    }

    private static boolean hears(String host) throws InterruptedException {
        String address = hosts.machines().getFirst().address();
        return hosts.run(
                        host,
                        COMMAND,
                        "timeout",
                        "1",
                        "bash",
                        "-c",
                        "cat </dev/tcp/" + address + "/7")
                .out()
                .contains("here");
    }

    @Test
    void what_it_wrote_is_there_after_its_power_was_taken_away() throws InterruptedException {
        String before = bootId("core-03");
        in("core-03", "sh", "-c", "echo kept >/var/lib/word && echo gone >/run/word");

        hosts.kill("core-03");

        assertThat(hosts.machines().get(2).up()).isFalse();
        assertThatThrownBy(() -> hosts.run("core-03", COMMAND, "true"))
                .isInstanceOf(ProvisionException.class)
                .hasMessage("core-03 has no power");

        hosts.boot("core-03");
        hosts.awaitBoot("core-03", BOOT);

        assertThat(in("core-03", "cat", "/var/lib/word")).isEqualTo("kept");
        assertThat(hosts.run("core-03", COMMAND, "test", "-e", "/run/word").exit()).isEqualTo(1);
        assertThat(bootId("core-03")).isNotEqualTo(before);
    }

    /** By the port of {@code machine} that whoever updates a machine goes by. */
    @Test
    void it_comes_back_by_itself_when_it_reboots() throws IOException, InterruptedException {
        String before = bootId("core-02");

        itself("core-02").reboot();

        long deadline = System.nanoTime() + BOOT.toNanos();
        while (!hasRebooted(before)) {
            assertThat(System.nanoTime()).as("it has not rebooted").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        assertThat(hosts.awaitBoot("core-02", BOOT)).isEqualTo("running");
        assertThat(in("core-02", "hostname")).isEqualTo("core-02");
    }

    /** As fleet there knows it. */
    private static Host itself(String host) {
        Power power = new Power(home.script());
        HostPlace place = home.place(host);
        String init =
                power.init(place).map(process -> String.valueOf(process.pid())).orElse("none");
        return new SystemdHost(new Reach(Path.of("/proc", init, "root"), power.entry(place)));
    }

    private static boolean hasRebooted(String before) throws InterruptedException {
        try {
            CommandResult id =
                    hosts.run("core-02", COMMAND, "cat", "/proc/sys/kernel/random/boot_id");
            return id.isDone() && !id.out().strip().equals(before);
        } catch (ProvisionException e) {
            return false; // Just now it has no power.
        }
    }

    @Test
    void stopping_it_stops_its_units_first() throws InterruptedException {
        in(
                "core-03",
                "systemd-run",
                "--unit=farewell",
                "--property=ExecStop=/bin/sh -c 'echo said >/var/lib/farewell'",
                "sleep",
                "infinity");

        hosts.stop("core-03");

        assertThat(hosts.machines().get(2).up()).isFalse();
        hosts.boot("core-03");
        hosts.awaitBoot("core-03", BOOT);
        assertThat(in("core-03", "cat", "/var/lib/farewell")).isEqualTo("said");
    }

    @Test
    void a_subnet_that_is_in_use_is_refused() throws InterruptedException {
        HostsHome taken = new HostsHome(folder.resolve("others"), SUBNET);
        HostsProvider others =
                new HostsProvider(taken, Equipment.showing(List.of()), Progress.SILENT);
        try {
            assertThatThrownBy(() -> others.create(1, ""))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining("the subnet " + SUBNET + ".0/24 is in use here");
        } finally {
            others.destroy();
        }
        assertThat(taken.directory()).doesNotExist();
    }

    @Test
    void z_destroy_leaves_nothing() throws IOException, InterruptedException {
        hosts.destroy();

        assertThat(home.directory()).doesNotExist();
        assertThat(Mounts.all()).noneMatch(mount -> mount.at().startsWith(home.directory()));
        assertThat(Command.run("ip", "-o", "link")).doesNotContain(home.tag());
        try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
            assertThat(cgroups).noneMatch(path -> path.endsWith(home.tag()));
        }
        assertThat(Command.run("ps", "-eo", "args")).doesNotContain(home.directory().toString());
        assertThat(hosts.machines()).isEmpty();
    }
}
