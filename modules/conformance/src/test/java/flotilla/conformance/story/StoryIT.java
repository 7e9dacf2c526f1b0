package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Units;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One chapter per test, in order; each stands on those before it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoryIT {
    private static final int MACHINES = 3;
    private static final String DROP_IN = "run/systemd/system/%s.service.d/20-cloudinit.conf";

    private Launcher flotilla = new Launcher(Path.of("none"), "127.78.0");
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);
    private Launcher.Result up = new Launcher.Result("up", -1, "", "");

    @BeforeAll
    void bring_it_up(@TempDir Path folder) {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        flotilla = new Launcher(folder.resolve("home"), "127.78.0");
        flotilla.run("--version").text();
        up = flotilla.run("up");
    }

    @AfterAll
    void leave_nothing() {
        flotilla.run("down", "--purge");
    }

    @Test
    @Order(1)
    void up_prints_the_machine_table_of_the_article() {
        List<String> lines = up.text().lines().map(StoryIT::onTerminal).toList();

        assertThat(lines).hasSize(1 + MACHINES);
        assertThat(lines.getFirst()).isEqualTo("MACHINE         IP              METADATA");
        assertThat(lines.subList(1, lines.size()))
                .allMatch(
                        line -> line.matches("[0-9a-f]{8}\\.\\.\\. {5}127\\.78\\.0\\.1[123] {5}-"))
                .extracting(line -> line.substring(16, 27))
                .containsExactlyInAnyOrder(
                        flotilla.address(1), flotilla.address(2), flotilla.address(3));
    }

    @Test
    @Order(2)
    void the_text_of_the_article_is_accepted_with_warnings_that_name_line_and_column() {
        assertThat(up.err().lines().filter(line -> line.contains("user-data.yml:1:")))
                .as("the header with a space")
                .hasSize(1)
                .allMatch(line -> line.contains("#cloud-config"));
        assertThat(up.err().lines().filter(line -> line.contains("user-data.yml:12:")))
                .as("units at the top level")
                .hasSize(1)
                .allMatch(line -> line.contains("coreos"));
    }

    @Test
    @Order(3)
    void the_original_tools_refusal_is_there_under_strict() {
        Launcher.Result strict =
                flotilla.run(
                        "coreos-cloudinit",
                        "-validate",
                        "-strict",
                        "-from-file=examples/user-data.yml");

        assertThat(strict.exit()).isEqualTo(1);
        assertThat(strict.out() + strict.err())
                .contains("must be \"#cloud-config\" or begin with \"#!\"");
    }

    @Test
    @Order(4)
    void drop_ins_are_those_of_the_original_byte_for_byte() throws IOException {
        for (int machine = 1; machine <= MACHINES; machine++) {
            String address = flotilla.address(machine);
            String etcd =
                    Files.readString(flotilla.root(machine).resolve(DROP_IN.formatted("etcd")));
            String fleet =
                    Files.readString(flotilla.root(machine).resolve(DROP_IN.formatted("fleet")));

            assertThat(etcd)
                    .matches(
                            "\\[Service]\\n"
                                    + "Environment=\"ETCD_ADDR=%s:4001\"\\n".formatted(address)
                                    + "Environment=\"ETCD_DISCOVERY=http://127\\.78\\.0\\.1:8087/[0-9a-f]{32}\"\\n"
                                    + "(Environment=\"ETCD_NAME=[0-9a-f]{32}\"\\n)?"
                                    + "Environment=\"ETCD_PEER_ADDR=%s:7001\"\\n"
                                            .formatted(address));
            assertThat(fleet)
                    .isEqualTo(
                            "[Service]\nEnvironment=\"FLEET_PUBLIC_IP=%s\"\n".formatted(address));
        }
    }

    @Test
    @Order(5)
    void debians_etcdctl_writes_on_one_machine_and_reads_on_another() {
        assertThat(etcdctl(1, "2379", "put", "story", "kept")).isEqualTo("OK\n");
        assertThat(etcdctl(3, "4001", "get", "story")).isEqualTo("story\nkept\n");
        assertThat(etcdctl(2, "2379", "member", "list").lines()).hasSize(MACHINES);
        // etcdctl 3.4 says this on stderr.
        assertThat(asked(2, "2379", "endpoint", "health").err()).contains("is healthy");
    }

    @Test
    @Order(6)
    void eight_units_are_spread_over_three_machines() {
        picture().start();

        Map<String, String> places = picture().awaitActive(Set.of());

        for (int machine = 1; machine <= MACHINES; machine++) {
            String address = flotilla.address(machine);
            assertThat(places.entrySet())
                    .filteredOn(place -> place.getKey().startsWith("api@"))
                    .filteredOn(place -> place.getValue().equals(address))
                    .as("api units on %s", address)
                    .hasSizeBetween(1, 3);
        }
        assertThat(places.get("lb@1.service"))
                .as("Conflicts=lb@*.service keeps them apart")
                .isNotEqualTo(places.get("lb@2.service"));
    }

    @Test
    @Order(7)
    void a_request_through_the_load_balancer_reaches_every_api() {
        picture().awaitAnswersOfAll();
    }

    @Test
    @Order(8)
    void killing_a_machine_moves_its_units_to_the_others() {
        String lost = flotilla.address(2);
        flotilla.run("machine", "kill", "core-02").text();

        Map<String, String> places = picture().awaitActive(Set.of(lost));

        assertThat(places.values()).doesNotContain(lost);
        assertThat(etcdctl(1, "2379", "get", "story")).isEqualTo("story\nkept\n");
        assertThat(picture().machines()).doesNotContain(lost).hasSize(MACHINES - 1);
    }

    @Test
    @Order(9)
    void a_machine_that_boots_again_is_back_in_the_cluster_with_its_data() {
        flotilla.run("machine", "boot", "core-02").text();

        picture().awaitMachines(MACHINES);
        assertThat(etcdctl(2, "2379", "get", "story", "--consistency=s"))
                .isEqualTo("story\nkept\n");
        picture().awaitActive(Set.of());
    }

    @Test
    @Order(10)
    void up_again_changes_nothing() {
        Map<String, String> before = picture().awaitActive(Set.of());

        assertThat(flotilla.run("up").text().lines().sorted())
                .isEqualTo(up.out().lines().sorted().toList());
        assertThat(Units.active(flotilla)).isEqualTo(before);
    }

    @Test
    @Order(11)
    void down_leaves_no_process_and_up_brings_the_data_back() {
        flotilla.run("down").text();
        assertThat(processes()).as("processes of the cluster after down").isEmpty();

        flotilla.run("up").text();
        assertThat(etcdctl(1, "2379", "get", "story")).isEqualTo("story\nkept\n");
        picture().awaitActive(Set.of());
    }

    @Test
    @Order(12)
    void down_with_purge_leaves_no_process_and_no_file() {
        flotilla.run("down", "--purge").text();

        assertThat(processes()).as("processes of the cluster after down --purge").isEmpty();
        assertThat(flotilla.home()).doesNotExist();
    }

    /** A line as a terminal shows it: its tabs lead to columns 8, 16 and so on. */
    private static String onTerminal(String line) {
        StringBuilder shown = new StringBuilder();
        for (String cell : line.split("(?<=\t)", -1)) {
            shown.append(cell.strip());
            shown.repeat(' ', cell.endsWith("\t") ? 8 - shown.length() % 8 : 0);
        }
        return shown.toString();
    }

    private Picture picture() {
        return new Picture(flotilla);
    }

    private String etcdctl(int machine, String port, String... arguments) {
        return asked(machine, port, arguments).text();
    }

    private Launcher.Result asked(int machine, String port, String... arguments) {
        assumeTrue(Program.onPath("etcdctl").isPresent(), "Debian's etcd-client is not installed");
        List<String> command = new ArrayList<>();
        command.add("etcdctl");
        command.add("--endpoints=http://" + flotilla.address(machine) + ":" + port);
        command.addAll(List.of(arguments));
        return flotilla.run(command);
    }

    /** Processes that carry the cluster's home in their command line or environment. */
    private List<String> processes() {
        String mark = flotilla.home().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process ->
                        mentions(process.pid(), "cmdline", mark)
                                || mentions(process.pid(), "environ", mark))
                .map(process -> process.pid() + " " + process.info().commandLine().orElse("?"))
                .toList();
    }

    private static boolean mentions(long pid, String file, String mark) {
        try {
            return Files.readString(
                            Path.of("/proc", String.valueOf(pid), file),
                            StandardCharsets.ISO_8859_1)
                    .contains(mark);
        } catch (IOException gone) {
            return false;
        }
    }
}
