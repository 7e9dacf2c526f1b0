package flotilla.conformance.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.provision.hosts.Ground;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The article's picture in containers, on three hosts that have a Docker each and no registry. Of
 * the store core-01 is the one member, so that the others may go.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersIT {
    private static final List<String> HOSTS = List.of("core-01", "core-02", "core-03");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final String EXAMPLES = "/usr/share/flotilla/examples/containers";
    private static final String UNITS = "cd " + EXAMPLES + " && flotilla start";

    private Optional<BareHosts> made = Optional.empty();

    @BeforeAll
    void hosts(@TempDir Path folder) throws IOException, InterruptedException {
        Optional<String> problem = Ground.problem();
        assumeTrue(problem.isEmpty(), () -> "SKIPPED: " + problem.orElse(""));
        assumeTrue(
                Files.exists(Path.of("/lib/systemd/system/docker.service")),
                "SKIPPED: docker.io is not installed");
        assumeTrue(
                Files.exists(Path.of("/bin/busybox")), "SKIPPED: busybox-static is not installed");
        made = Optional.of(BareHosts.boot(folder, "10.207.77", HOSTS.size()));
        run("core-01", "flotilla init --name shop --address " + hosts().address("core-01"));
        for (String host : List.of("core-02", "core-03")) {
            String made = run("core-01", "flotilla token create --role machine --name " + host);
            run(
                    host,
                    "echo %s | flotilla join https://%s:49153 --address %s --token -"
                            .formatted(
                                    made.lines().toList().getLast(),
                                    hosts().address("core-01"),
                                    hosts().address(host)));
        }
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

    /** Where the units are that are active, by name. */
    private Map<String, String> active() throws InterruptedException {
        Map<String, String> places = new TreeMap<>();
        run("core-01", "flotilla list-units --no-legend --fields unit,machine,active")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[words.length - 1].equals("active"))
                .forEach(words -> places.put(words[0], host(words[1])));
        return places;
    }

    private String host(String machine) {
        return HOSTS.stream()
                .filter(host -> machine.endsWith("/" + hosts().address(host)))
                .findFirst()
                .orElse(machine);
    }

    private Map<String, String> awaitAll() {
        return await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(this::active, places -> places.size() == 8);
    }

    /** The containers that run on a host, by name, each with its id. */
    private Map<String, String> containers(String host) throws InterruptedException {
        Map<String, String> ids = new TreeMap<>();
        run(host, "docker ps --format '{{.Names}} {{.ID}}'")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> ids.put(line.split(" ")[0], line.split(" ")[1]));
        return ids;
    }

    @Test
    @Order(1)
    void an_image_is_pushed_once_and_lies_on_three_machines() throws Exception {
        run("core-01", EXAMPLES + "/make-image /srv/web.tar && flotilla image push /srv/web.tar");

        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .untilAsserted(() ->
                        assertThat(
                                        run(
                                                "core-02",
                                                "flotilla image ls --no-legend --fields name,machines"))
                                .isEqualToNormalizingWhitespace("web:1 3"));
        assertThat(run("core-03", "stat -c %a /var/lib/flotilla/fleet/images")).isEqualTo("700");
    }

    @Test
    @Order(2)
    void six_servers_and_two_balancers_run_as_containers() throws Exception {
        run("core-01", UNITS + " $(seq -f api@%g.service 6) lb@1.service lb@2.service");

        Map<String, String> places = awaitAll();

        assertThat(places.get("lb@1.service")).isNotEqualTo(places.get("lb@2.service"));
        Set<String> running = new TreeSet<>();
        for (String host : HOSTS) {
            running.addAll(containers(host).keySet());
        }
        assertThat(running).hasSize(8).contains("api-1", "api-6", "lb-1", "lb-2");
    }

    @Test
    @Order(3)
    void a_balancer_passes_on_what_all_six_say_and_the_journal_has_it() throws Exception {
        awaitAnswersOfSix();

        String host = active().getOrDefault("api@1.service", "");
        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .untilAsserted(() ->
                        assertThat(run(host, "flotilla journal --lines 50 api@1.service"))
                                .contains("url:/"));
    }

    private void awaitAnswersOfSix() throws InterruptedException {
        String balancer = hosts().address(active().getOrDefault("lb@1.service", ""));
        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .untilAsserted(() ->
                        assertThat(
                                        hosts().attempt(
                                                        "core-01",
                                                        "curl -s -m 30 http://%s:8080/"
                                                                .formatted(balancer))
                                                .out()
                                                .lines())
                                .contains("api@1", "api@2", "api@3", "api@4", "api@5", "api@6"));
    }

    @Test
    @Order(4)
    void a_unit_that_is_stopped_leaves_no_container() throws Exception {
        String host = active().getOrDefault("api@6.service", "");

        run("core-01", "flotilla stop api@6.service");

        assertThat(run(host, "docker ps -a --format '{{.Names}}'")).doesNotContain("api-6");
        run("core-01", UNITS + " api@6.service");
    }

    @Test
    @Order(5)
    void a_container_whose_client_was_killed_makes_room_for_another() throws Exception {
        String host = active().getOrDefault("api@1.service", "");
        String before = containers(host).getOrDefault("api-1", "");

        run(host, "systemctl kill --kill-who=main --signal=KILL api@1.service");

        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(
                        () -> containers(host).getOrDefault("api-1", ""),
                        id -> !id.isEmpty() && !id.equals(before));
    }

    @Test
    @Order(6)
    void a_host_that_dies_loses_its_containers_to_the_others() throws Exception {
        hosts().kill("core-03");

        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(
                        this::active,
                        places -> places.size() == 8 && !places.containsValue("core-03"));
        awaitAnswersOfSix();
    }

    @Test
    @Order(7)
    void a_unit_says_why_it_waits_for_an_image_that_nobody_has() throws Exception {
        run(
                "core-01",
                "printf '[Service]\\nExecStart=/bin/sleep 100\\n[X-Fleet]\\nImage=other:1\\n' >/srv/w.service"
                        + " && flotilla start --no-block /srv/w.service");

        await().atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .untilAsserted(() ->
                        assertThat(hosts().attempt("core-01", "flotilla status w.service").out())
                                .contains("the cluster has no image other:1"));
        run("core-01", "flotilla destroy w.service");
    }
}
