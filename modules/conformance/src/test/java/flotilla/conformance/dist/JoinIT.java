package flotilla.conformance.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Listeners;
import flotilla.provision.hosts.Ground;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of four hosts by {@code init} and {@code join}, which goes from test to test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JoinIT {
    private static final List<String> HOSTS = List.of("core-01", "core-02", "core-03", "core-04");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The store's two, fleet's, and sshd's. */
    private static final Set<Integer> EXPECTED = Set.of(2379, 2380, 49153, 22);

    private Optional<BareHosts> made = Optional.empty();
    private String token = "";

    @BeforeAll
    void hosts(@TempDir Path folder) throws IOException, InterruptedException {
        Optional<String> problem = Ground.problem();
        assumeTrue(problem.isEmpty(), () -> "SKIPPED: " + problem.orElse(""));
        made = Optional.of(BareHosts.boot(folder, "10.204.77", HOSTS.size()));
    }

    @AfterAll
    void none() throws InterruptedException {
        if (made.isPresent()) {
            made.get().close();
        }
    }

    private BareHosts hosts() {
        return made.orElseThrow();
    }

    private String run(String host, String script) throws InterruptedException {
        return hosts().run(host, script);
    }

    private String url() {
        return "https://" + hosts().address("core-01") + ":49153";
    }

    private String join(String host, String how) {
        return "flotilla join %s --address %s %s".formatted(url(), hosts().address(host), how);
    }

    @Test
    @Order(1)
    void the_first_machine_begins_a_cluster_and_says_how_others_join() throws Exception {
        String said =
                run("core-01", "flotilla init --name shop --address " + hosts().address("core-01"));

        List<String> lines = said.lines().toList();
        assertThat(lines.get(lines.size() - 2))
                .isEqualTo("flotilla join %s --token -".formatted(url()));
        token = lines.getLast();
        assertThat(token).startsWith("flt1.");
    }

    /** Wherever it breaks off: the kills come at other steps on a faster host. */
    @Test
    @Order(2)
    void a_join_that_is_killed_and_run_again_comes_to_the_same() throws Exception {
        for (int seconds : List.of(1, 3)) {
            hosts().attempt(
                            "core-02",
                            "echo %s | timeout -s KILL %d %s"
                                    .formatted(token, seconds, join("core-02", "--token -")));
        }

        run("core-02", "echo %s | %s".formatted(token, join("core-02", "--token -")));

        assertThat(run("core-01", "flotilla token ls --fields uses,role --no-legend"))
                .isEqualToNormalizingWhitespace("0 member");
        assertThat(run("core-02", "systemctl is-active etcd fleet")).isEqualTo("active\nactive");
    }

    @Test
    @Order(3)
    void a_host_joins_at_its_boot_as_its_cloud_config_says() throws Exception {
        String file = "/var/lib/coreos-install/user_data";
        String given = run("core-01", "flotilla token create").lines().toList().getLast();
        run(
                "core-04",
                """
                mkdir -p /var/lib/coreos-install
                cat >FILE <<END
                #cloud-config
                flotilla:
                  join:
                    url: URL
                    token: TOKEN
                    address: ADDRESS
                coreos:
                  units:
                    - name: fleet.service
                      command: start
                END
                systemctl restart flotilla-cloudinit
                """
                        .replace("FILE", file)
                        .replace("URL", url())
                        .replace("TOKEN", given)
                        .replace("ADDRESS", hosts().address("core-04")));

        assertThat(run("core-04", "systemctl is-active etcd fleet")).isEqualTo("active\nactive");
        assertThat(run("core-04", "stat -c %a " + file)).isEqualTo("600");
        assertThat(
                        run(
                                "core-04",
                                "systemctl restart flotilla-cloudinit; journalctl -u flotilla-cloudinit -o cat"))
                .contains("This is a machine of cluster shop already")
                .doesNotContain(given.substring(given.lastIndexOf('.') + 1));
        assertThat(run("core-01", "flotilla machine certificates --no-legend --fields name,role"))
                .containsPattern("core-04\\s+member");
    }

    /** Each of the first three members has come to sign, so the first one of all may die. */
    @Test
    @Order(4)
    void a_machine_joins_by_another_that_signs_when_the_first_is_dead() throws Exception {
        for (String host : List.of("core-02", "core-04")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(run(host, "ls /var/lib/flotilla/trust/authority || true"))
                                    .contains("ca.pem"));
        }
        hosts().kill("core-01");
        String lines = run("core-02", "flotilla token create --role machine --name core-03");
        assertThat(lines).contains("https://" + hosts().address("core-02") + ":49153");
        run(
                "core-03",
                "umask 077; echo %s >/srv/token".formatted(lines.lines().toList().getLast()));

        run(
                "core-03",
                "flotilla join https://%s:49153 --address %s --token-file /srv/token"
                        .formatted(hosts().address("core-02"), hosts().address("core-03")));

        assertThat(run("core-03", "systemctl is-active etcd || true")).isEqualTo("inactive");
        hosts().boot("core-01");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(addresses("core-01"))
                                .containsExactlyInAnyOrderElementsOf(
                                        HOSTS.stream().map(hosts()::address).toList()));
    }

    @Test
    @Order(5)
    void a_unit_that_is_started_on_one_runs_on_another() throws Exception {
        run(
                "core-01",
                "printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >/srv/a.service"
                        + " && flotilla start /srv/a.service");

        String host =
                run("core-03", "flotilla list-units --no-legend --fields machine,active").strip();
        assertThat(host).contains("active");
        assertThat(HOSTS.stream().filter(this::runsIt)).hasSize(1);
    }

    private boolean runsIt(String host) {
        try {
            return hosts().attempt(host, "systemctl is-active --quiet a.service").isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(6)
    void nothing_of_a_host_listens_but_what_tls_guards() throws Exception {
        for (String host : HOSTS) {
            Listeners listening = Listeners.read(run(host, Listeners.COMMAND));
            Set<Integer> ports = listening.reachedByOthers();
            assertThat(EXPECTED).as(host).containsAll(ports);
            assertThat(ports).as(host).contains(49153);
            assertThat(listening.ownOnLoopback()).as("loopback of " + host).isEmpty();
            assertThat(run(host, "ss -lunH")).as("datagrams at " + host).isEmpty();
            for (int port : ports) {
                if (port != 22) {
                    String where = hosts().address(host) + ":" + port;
                    String said = run(host, Listeners.strangers(where));
                    assertThat(said).as(where).matches(Listeners::getNothing);
                }
            }
        }
    }

    @Test
    @Order(7)
    void the_token_stands_nowhere() throws Exception {
        String secret = token.substring(token.lastIndexOf('.') + 1);
        for (String host : List.of("core-01", "core-02")) {
            assertThat(
                            run(
                                    host,
                                    "journalctl -o cat --no-pager | grep -c %s || true"
                                            .formatted(secret)))
                    .as("lines of the journal of " + host)
                    .isEqualTo("0");
            assertThat(
                            run(
                                    host,
                                    "grep -rslF %s /etc /run /var/lib/flotilla || true"
                                            .formatted(secret)))
                    .as("files of " + host)
                    .isEmpty();
        }
    }

    @Test
    @Order(8)
    void what_belongs_to_one_user_is_shut_to_others() throws Exception {
        assertThat(
                        run(
                                "core-02",
                                "stat -c '%a %U %n' /var/lib/flotilla/trust /var/lib/flotilla/trust/key.pem /var/lib/flotilla/etcd-trust/key.pem"))
                .isEqualTo(
                        "700 root /var/lib/flotilla/trust\n600 root /var/lib/flotilla/trust/key.pem\n600 flotilla-etcd /var/lib/flotilla/etcd-trust/key.pem");
        assertThat(run("core-03", "ls /var/lib/flotilla/trust/authority 2>&1 || true"))
                .contains("No such file");
        assertThat(
                        run(
                                "core-02",
                                "stat -c '%a %U %n' /var/lib/flotilla/trust/authority /var/lib/flotilla/trust/authority/ca-key.pem"))
                .isEqualTo(
                        "700 root /var/lib/flotilla/trust/authority\n600 root /var/lib/flotilla/trust/authority/ca-key.pem");
        assertThat(run("core-01", "stat -c '%a %G' /run/fleet.sock")).isEqualTo("660 fleet");
    }

    @Test
    @Order(9)
    void an_operator_from_elsewhere_may_what_the_role_says_and_is_written_down() throws Exception {
        run("core-01", "cd /srv && flotilla operator create alice --role read --to /srv/alice");
        String alice =
                "--endpoint https://%s:49153 --cert-file /srv/alice/cert.pem --key-file /srv/alice/key.pem --ca-file /srv/alice/ca.pem"
                        .formatted(hosts().address("core-02"));

        assertThat(run("core-01", "fleetctl %s list-machines --no-legend".formatted(alice)).lines())
                .hasSize(HOSTS.size());
        assertThat(
                        hosts().attempt("core-01", "fleetctl %s destroy a.service".formatted(alice))
                                .out())
                .contains("it takes the role operate, and theirs is read");
        assertThat(run("core-02", "journalctl -o cat -u fleet | grep ' audit: operator alice'"))
                .contains("DELETE /fleet/v1/units/a.service: 403");
        // Of the same authority, and yet no client of the store.
        assertThat(
                        run(
                                "core-01",
                                "curl -s -m 10 --cacert /srv/alice/ca.pem --cert /srv/alice/cert.pem --key /srv/alice/key.pem -o /dev/null -w '%%{http_code}' https://%s:2379/health || true"
                                        .formatted(hosts().address("core-01"))))
                .isEqualTo("000");
    }

    @Test
    @Order(10)
    void a_machine_that_is_put_out_is_spoken_to_by_nobody() throws Exception {
        run("core-01", "flotilla machine revoke core-03");

        String out = hosts().address("core-03");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(addresses("core-01")).hasSize(3).doesNotContain(out));
        // Connections that it had open are cut, and those it makes are refused.
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        run(
                                                "core-03",
                                                "ss -tnH state established '( dport = :2379 )' | wc -l"))
                                .isEqualTo("0"));
        assertThat(hosts().attempt("core-03", "flotilla list-machines").isDone()).isFalse();
        assertThat(run("core-01", "flotilla machine certificates --no-legend --fields name,state"))
                .contains("revoked");
    }

    /** The store has three members then, and one of them goes. */
    @Test
    @Order(11)
    void a_member_that_is_put_out_leaves_a_store_that_goes_on() throws Exception {
        run("core-01", "flotilla machine revoke core-02");

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(addresses("core-01"))
                                .containsExactlyInAnyOrder(
                                        hosts().address("core-01"), hosts().address("core-04")));
        assertThat(run("core-01", "flotilla token create")).contains("flt1.");
    }

    private List<String> addresses(String host) throws InterruptedException {
        return Arrays.asList(
                run(host, "flotilla list-machines --no-legend --fields ip").split("\\s+"));
    }
}
