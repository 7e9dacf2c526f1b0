package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Units;
import flotilla.protocol.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** A cluster of {@code up} that grows from one machine and loses its first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MachinesComeAndGoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Launcher flotilla = new Launcher(Path.of("none"), "127.88.0");
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);

    @BeforeAll
    void bring_up_one(@TempDir Path folder) throws IOException {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        flotilla = new Launcher(folder.resolve("home"), "127.88.0");
        flotilla.run("up", "--machines", "1").text();
        for (String name : List.of("one", "two")) {
            Path unit =
                    Files.writeString(
                            folder.resolve(name + ".service"),
                            "[Service]\nExecStart=/bin/sleep 100000\n");
            flotilla.run("start", unit.toString()).text();
        }
    }

    @AfterAll
    void leave_nothing() {
        flotilla.run("down", "--purge");
    }

    @Test
    @Order(1)
    void an_added_machine_becomes_a_voting_member_of_the_store() {
        flotilla.run("machine", "add").text();

        assertThat(voters()).containsExactlyInAnyOrder(address(1), address(2));
        assertThat(flotilla.run("list-machines", "--no-legend").text().lines()).hasSize(2);
    }

    @Test
    @Order(2)
    void an_add_that_was_killed_is_finished_by_the_next() {
        flotilla.run(
                List.of(
                        "timeout",
                        "-s",
                        "KILL",
                        "2",
                        Launcher.script().toString(),
                        "machine",
                        "add"));

        while (machines().size() < 3) {
            flotilla.run("machine", "add").text();
        }
        flotilla.run("up").text();

        assertThat(machines()).containsExactly("core-01", "core-02", "core-03");
        assertThat(voters()).containsExactlyInAnyOrder(address(1), address(2), address(3));
    }

    @Test
    @Order(3)
    void the_units_of_a_removed_machine_run_elsewhere_before_it_goes() {
        flotilla.run("machine", "remove", "core-01").text();

        assertThat(machines()).containsExactly("core-02", "core-03");
        assertThat(voters()).containsExactlyInAnyOrder(address(2), address(3));
        assertThat(flotilla.root(1).getParent()).doesNotExist();
        Map<String, String> places = Units.active(flotilla);
        assertThat(places).containsOnlyKeys("one.service", "two.service");
        assertThat(places.values()).isSubsetOf(address(2), address(3));
    }

    @Test
    @Order(4)
    void its_name_and_address_are_free_for_a_new_machine() {
        flotilla.run("machine", "add").text();

        assertThat(machines()).containsExactly("core-01", "core-02", "core-03");
        assertThat(voters()).containsExactlyInAnyOrder(address(1), address(2), address(3));
    }

    @Test
    @Order(5)
    void a_machine_that_died_is_removed_while_it_is_down() {
        flotilla.run("machine", "kill", "core-02").text();

        flotilla.run("machine", "remove", "core-02").text();

        assertThat(voters()).containsExactlyInAnyOrder(address(1), address(3));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Units.active(flotilla).keySet(), units -> units.size() == 2);
    }

    @Test
    @Order(6)
    void the_last_machine_is_not_removed() {
        flotilla.run("machine", "remove", "--no-drain", "core-03").text();

        Launcher.Result refused = flotilla.run("machine", "remove", "--no-drain", "core-01");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("core-01 is the last machine").contains("down --purge");
        assertThat(voters()).containsExactly(address(1));
    }

    private String address(int machine) {
        return flotilla.address(machine);
    }

    private List<String> machines() {
        return flotilla.run("machine", "ls", "--no-legend", "--fields", "name")
                .text()
                .lines()
                .map(String::strip)
                .toList();
    }

    /** The addresses of the store's members, as one that is up knows them; none is a learner. */
    private List<String> voters() {
        String up = flotilla.run("machine", "ls", "--no-legend", "--fields", "ip,state").text();
        String asked =
                up.lines()
                        .filter(line -> line.contains("running"))
                        .map(line -> line.strip().split("\\s+")[0])
                        .findFirst()
                        .orElseThrow();
        try (EtcdClient client = EtcdClient.connect(ClientConfig.of("http://" + asked + ":2379"))) {
            List<Member> members = client.memberList();
            assertThat(members).noneMatch(Member::getIsLearner);
            return members.stream()
                    .map(member -> member.getPeerURLs(0).replaceAll("^http://|:\\d+$", ""))
                    .toList();
        }
    }
}
