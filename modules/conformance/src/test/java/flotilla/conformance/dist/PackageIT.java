package flotilla.conformance.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import flotilla.provision.Progress;
import flotilla.provision.hosts.Equipment;
import flotilla.provision.hosts.Ground;
import flotilla.provision.hosts.HostsHome;
import flotilla.provision.hosts.HostsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The packages in the life of a Debian machine, which goes from test to test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackageIT {
    private static final String DEBS = "/srv/flotilla.deb /srv/flotilla-etcd.deb";
    private static final String INSTALL = "dpkg -i " + DEBS;

    /** Until a command succeeds; the limit is for a machine that is busy with other tests. */
    private static final String UNTIL = "timeout 90 sh -c 'until %s; do sleep 0.2; done'";

    private static final Duration BOOT = Duration.ofSeconds(90);

    private DebianHost host = new DebianHost(List.of("false"));
    private Optional<String> obstacle = Optional.of("no host was made");
    private Optional<HostsProvider> made = Optional.empty();
    private Path debs = Path.of("none");

    @BeforeAll
    void build(@TempDir Path folder) throws InterruptedException {
        assumeTrue(Program.onPath("dpkg-deb").isPresent(), "packages are made by dpkg-deb");
        debs = folder.resolve("debs");
        new Launcher(folder.resolve("home"), "127.86.0")
                .run(List.of("dist/build-deb", "--fast", "--to", debs.toString()))
                .text();
        obstacle = obstacle();
        if (obstacle.isEmpty()) {
            host = DebianHost.given().orElseGet(() -> made(folder.resolve("hosts")));
            host.run("dpkg -P flotilla-etcd flotilla etcd-server");
            host.put(deb("flotilla"), "/srv/flotilla.deb");
            host.put(deb("flotilla-etcd"), "/srv/flotilla-etcd.deb");
        }
    }

    private static Optional<String> obstacle() throws InterruptedException {
        if (DebianHost.given().isPresent()) {
            return Optional.empty();
        }
        return DebianHost.isToBeMade() ? Ground.problem() : Optional.of(DebianHost.howToGive());
    }

    private DebianHost made(Path directory) {
        HostsProvider provider =
                new HostsProvider(
                        new HostsHome(directory, "10.202.77"),
                        Equipment.showing(List.of()),
                        Progress.SILENT);
        made = Optional.of(provider);
        try {
            String name = provider.create(1, "").getFirst().name();
            provider.awaitBoot(name, BOOT);
            return new DebianHost(provider.entry(name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a host boots", e);
        }
    }

    @AfterAll
    void destroy() throws InterruptedException {
        if (made.isPresent()) {
            made.get().destroy();
        }
    }

    private Path deb(String name) {
        try (Stream<Path> all = Files.list(debs)) {
            return all.filter(file -> file.getFileName().toString().startsWith(name + "_"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + debs, e);
        }
    }

    private void onAHost() {
        assumeTrue(obstacle.isEmpty(), () -> "SKIPPED: " + obstacle.orElse(""));
    }

    /** Settings of etcd.service for the tests to come, instead of those before. */
    private void dropIn(String... lines) {
        host.run(
                """
                mkdir -p /run/systemd/system/etcd.service.d
                printf '[Service]\n%s\n' >/run/systemd/system/etcd.service.d/20-cloudinit.conf
                systemctl daemon-reload
                systemctl restart etcd
                """
                        .formatted(String.join("\\n", lines)));
    }

    private String property(String unit, String name) {
        return host.run("systemctl show -p " + name + " --value " + unit);
    }

    @Test
    @Order(1)
    void the_package_is_small_enough_to_be_fetched_by_every_machine() throws IOException {
        assertThat(Files.size(deb("flotilla")) / 1_000_000).isLessThanOrEqualTo(60);
    }

    @Test
    @Order(2)
    void lintian_finds_no_error() {
        assumeTrue(Program.onPath("lintian").isPresent(), "lintian is not installed");

        // What --fast packs with is newer than lintian; the default is not.
        String said =
                new Launcher(debs, "127.86.0")
                        .run(
                                List.of(
                                        "lintian",
                                        "--allow-root",
                                        "--suppress-tags",
                                        "malformed-deb-archive",
                                        deb("flotilla").toString(),
                                        deb("flotilla-etcd").toString()))
                        .out();

        assertThat(said.lines().filter(line -> line.startsWith("E:"))).isEmpty();
    }

    @Test
    @Order(3)
    void debians_own_store_is_never_written_over() {
        onAHost();
        host.run(
                """
                mkdir -p /srv/theirs/DEBIAN
                printf '%s: %s\n' Package etcd-server Version 1 Architecture all \
                    Maintainer 'a <a@b.c>' Description theirs >/srv/theirs/DEBIAN/control
                dpkg-deb -b /srv/theirs /srv/theirs.deb
                dpkg -i /srv/theirs.deb
                """);

        assertThat(host.attempt(INSTALL).text())
                .contains("flotilla-etcd conflicts with etcd-server");
        assertThat(host.run("dpkg-query -W -f '${Status}' etcd-server")).contains("installed");
        host.run("dpkg -P etcd-server; " + INSTALL);
    }

    @Test
    @Order(4)
    void nothing_starts_by_being_installed_nor_is_anything_missing() {
        onAHost();
        assertThat(host.attempt("systemctl is-active etcd fleet fleet.socket").text())
                .isEqualTo("inactive\n".repeat(3));
        assertThat(host.run("dpkg -V flotilla flotilla-etcd")).isEmpty();
        assertThat(host.run("for name in flotilla fleetctl; do $name --version; done"))
                .contains("flotilla 0.1.0");
        assertThat(host.run("man -w etcd fleetd fleetctl coreos-cloudinit flotilla-up").lines())
                .hasSize(5);
    }

    @Test
    @Order(5)
    void the_store_serves_its_own_machine_when_it_is_started() {
        onAHost();
        host.run("systemctl start etcd");

        assertThat(host.run("ETCDCTL_API=3 etcdctl put fleet ready")).isEqualTo("OK");
        assertThat(host.run("ss -ltnpH | awk '/java/ {print $4}'").lines())
                .allSatisfy(listener -> assertThat(listener).contains("127.0.0.1"));
        assertThat(host.run("ss -ltnpH | grep -c java")).isEqualTo("2");
        assertThat(host.run("stat -c '%U %a' /var/lib/flotilla/etcd"))
                .isEqualTo("flotilla-etcd 700");
        assertThat(host.run("find /tmp /opt -maxdepth 1 -user flotilla-etcd")).isEmpty();
        String exposure = host.run("systemd-analyze security --no-pager etcd.service | tail -1");
        assertThat(Double.parseDouble(exposure.replaceAll(".*: ([0-9.]+) .*", "$1")))
                .as(exposure)
                .isLessThanOrEqualTo(4);
    }

    @Test
    @Order(6)
    void clients_of_fleet_wait_at_its_socket_while_it_restarts() {
        onAHost();
        host.run("systemctl start etcd fleet");
        String before = property("fleet", "MainPID");

        String listed =
                host.attempt("systemctl restart --no-block fleet; fleetctl list-machines").text();

        // It may say that it has not reached the store yet; nobody is turned away at the door.
        assertThat(listed).doesNotContain("is the cluster up");
        host.run(UNTIL.formatted("systemctl is-active --quiet fleet"));
        assertThat(property("fleet", "MainPID")).isNotEqualTo(before);
        assertThat(host.run("stat -c '%G %a' /run/fleet.sock")).isEqualTo("fleet 660");
    }

    @Test
    @Order(7)
    void drop_ins_of_old_configure_the_store() {
        onAHost();
        dropIn("Environment=ETCD_ADDR=127.0.0.1:4001");

        assertThat(host.run("ETCDCTL_API=3 etcdctl --endpoints 127.0.0.1:4001 put a b"))
                .isEqualTo("OK");
    }

    @Test
    @Order(8)
    void a_store_that_hangs_is_begun_anew() {
        onAHost();
        dropIn("WatchdogSec=5", "TimeoutAbortSec=1");
        String hung = property("etcd", "MainPID");

        host.run("kill -STOP " + hung);

        host.run(
                UNTIL.formatted(
                        "[ $(systemctl show -p MainPID --value etcd) != "
                                + hung
                                + " ] && systemctl is-active --quiet etcd"));
        assertThat(host.run("journalctl -u etcd")).contains("Failed with result 'watchdog'");
    }

    @Test
    @Order(9)
    void daemons_start_from_the_cache_that_the_machine_has_made() {
        onAHost();
        host.run("systemctl start flotilla-cache");
        // With this a JVM that refuses the cache does not start.
        dropIn("Environment=FLOTILLA_JAVA_OPTIONS=-XX:AOTMode=on");

        String started = property("etcd", "MainPID");
        assertThat(host.run("tr '\\0' ' ' </proc/" + started + "/cmdline"))
                .contains("-XX:AOTCache=/var/cache/flotilla/daemons.aot", "-XX:AOTMode=on");
    }

    @Test
    @Order(10)
    void an_upgrade_restarts_what_runs_and_keeps_data_and_settings() {
        onAHost();
        host.run(
                "rm -r /run/systemd/system/etcd.service.d; systemctl daemon-reload;"
                        + " systemctl restart etcd fleet; ETCDCTL_API=3 etcdctl put kept yes;"
                        + " echo '# ours' >>/etc/flotilla/etcd.conf");
        String before = property("etcd", "MainPID");

        host.run(INSTALL);

        host.run(UNTIL.formatted("systemctl is-active --quiet etcd fleet"));
        assertThat(property("etcd", "MainPID")).isNotEqualTo(before);
        assertThat(host.run("ETCDCTL_API=3 etcdctl get kept")).isEqualTo("kept\nyes");
        assertThat(host.run("tail -1 /etc/flotilla/etcd.conf")).isEqualTo("# ours");
    }

    @Test
    @Order(11)
    void restarts_and_upgrades_of_fleet_touch_no_unit() {
        onAHost();
        host.run("printf '[Service]\\nExecStart=/bin/sleep 100000\\n' >/srv/steady.service");
        host.run(UNTIL.formatted("fleetctl start /srv/steady.service"));
        host.run(UNTIL.formatted("systemctl is-active --quiet steady"));
        String before = property("steady", "MainPID");

        host.run("systemctl restart fleet; " + INSTALL);
        host.run(UNTIL.formatted("fleetctl list-units | grep -q running"));

        assertThat(property("steady", "MainPID")).isEqualTo(before);
        host.run("fleetctl destroy steady.service");
    }

    @Test
    @Order(12)
    void an_upgrade_starts_nothing_that_was_stopped() {
        onAHost();
        host.run("systemctl stop etcd");

        host.run(INSTALL);

        assertThat(host.attempt("systemctl is-active etcd fleet").text())
                .isEqualTo("inactive\nactive\n");
    }

    @Test
    @Order(13)
    void an_installation_that_is_killed_or_finds_the_disk_full_is_finished_by_the_next_one() {
        onAHost();
        host.run("systemctl start etcd fleet; ETCDCTL_API=3 etcdctl put kept yes");
        String store = property("etcd", "MainPID");

        for (String seconds : List.of("0.1", "0.4", "1", "2")) {
            host.attempt("timeout --signal=KILL " + seconds + " " + INSTALL);
        }
        host.run("mount -t tmpfs -o size=8m small /usr/lib/flotilla");
        DebianHost.Result full = host.attempt(INSTALL);
        host.run("umount /usr/lib/flotilla");

        assertThat(full.text()).contains("No space left on device");
        // One that was just being restarted finds its program again.
        host.run(UNTIL.formatted("ETCDCTL_API=3 etcdctl get kept >/dev/null 2>&1"));
        assertThat(host.run("ETCDCTL_API=3 etcdctl get kept")).isEqualTo("kept\nyes");
        host.run(INSTALL);
        host.run(UNTIL.formatted("systemctl is-active --quiet etcd fleet"));
        assertThat(property("etcd", "MainPID")).isNotEqualTo(store);
        assertThat(host.run("dpkg --audit; dpkg -V flotilla flotilla-etcd | grep -v ' c ' || true"))
                .isEmpty();
        assertThat(host.run("ETCDCTL_API=3 etcdctl get kept")).isEqualTo("kept\nyes");
    }

    @Test
    @Order(14)
    void an_earlier_version_can_be_gone_back_to() {
        onAHost();
        host.run(
                """
                for name in flotilla flotilla-etcd; do
                    dpkg-deb -R /srv/$name.deb /srv/earlier
                    sed -i 's/^Version:.*/Version: 0.0.1/; s/(= [^)]*)/(= 0.0.1)/' /srv/earlier/DEBIAN/control
                    dpkg-deb -Znone -b /srv/earlier /srv/$name-earlier.deb
                    rm -r /srv/earlier
                done
                dpkg -i /srv/flotilla-earlier.deb /srv/flotilla-etcd-earlier.deb
                """);

        host.run(UNTIL.formatted("systemctl is-active --quiet etcd fleet"));
        assertThat(host.run("dpkg-query -W -f '${Version} ' flotilla flotilla-etcd"))
                .isEqualTo("0.0.1 0.0.1");
        assertThat(host.run("ETCDCTL_API=3 etcdctl get kept")).isEqualTo("kept\nyes");
        assertThat(host.run("tail -1 /etc/flotilla/etcd.conf")).isEqualTo("# ours");
        host.run(INSTALL);
    }

    @Test
    @Order(15)
    void removing_leaves_the_data_and_purging_nothing() {
        onAHost();
        host.run("systemctl enable --now etcd fleet; ETCDCTL_API=3 etcdctl put kept yes");

        host.run("dpkg -r flotilla-etcd flotilla");
        assertThat(host.attempt("pgrep -x java").text()).isEmpty();
        assertThat(host.attempt("systemctl is-enabled etcd").text()).isEqualTo("masked\n");
        host.run(INSTALL + "; systemctl start etcd");
        assertThat(host.run("systemctl is-enabled etcd")).isEqualTo("enabled");
        assertThat(host.run("ETCDCTL_API=3 etcdctl get kept")).isEqualTo("kept\nyes");

        host.run("dpkg -P flotilla-etcd flotilla");
        assertThat(
                        host.attempt(
                                        "ls -d /var/lib/flotilla /usr/lib/flotilla /etc/flotilla"
                                                + " /etc/fleet /var/cache/flotilla"
                                                + " /run/fleet* /etc/systemd/system/*/etcd.service"
                                                + " /etc/systemd/system/etcd.service 2>/dev/null")
                                .text())
                .isEmpty();
    }
}
