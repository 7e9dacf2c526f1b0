package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.Checkout;
import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

/**
 * The files of a cluster of {@code up}, damaged one after the other: what is said, and the way back
 * that docs/operate/recover.md names. One row of its table per test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final byte[] NOT_UTF_8 = {(byte) 0xff, (byte) 0xfe, 'x', '\n'};
    private static final String UNIT = "steady.service";

    private Launcher flotilla = new Launcher(Path.of("none"), "127.85.0");
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);
    private Path home = Path.of("none");

    @BeforeAll
    void bring_it_up(@TempDir Path folder) throws IOException {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        home = folder.resolve("home");
        flotilla = new Launcher(home, "127.85.0");
        flotilla.run("up").text();
        Path unit =
                Files.writeString(
                        folder.resolve(UNIT),
                        "[Service]\nExecStart=/bin/sleep 100000\n[X-Fleet]\nGlobal=true\n");
        flotilla.run("start", unit.toString()).text();
        awaitRunning(3);
    }

    @AfterAll
    void leave_nothing() {
        flotilla.run("down", "--purge");
    }

    @Test
    @Order(1)
    void each_row_has_a_test_here() throws IOException {
        String document =
                Files.readString(Checkout.here().root().resolve("docs/operate/recover.md"));
        String section = document.substring(document.indexOf("## A cluster of `up`"));

        assertThat(
                        section.lines()
                                .takeWhile(line -> !line.startsWith("## When"))
                                .filter(line -> line.startsWith("| `") || line.startsWith("| a "))
                                .map(line -> line.split("\\|")[1].strip()))
                .containsExactly(
                        "`cluster.json`",
                        "`user-data`",
                        "`cluster.token`",
                        "`machines/NAME/machine.json`, `boot-status`; `etc/machine-id` in its root",
                        "`run/fleet/units.log`",
                        "a unit file");
    }

    @Test
    @Order(2)
    void cluster_json_is_put_back_from_a_copy() throws IOException {
        Path file = home.resolve("cluster.json");
        byte[] copy = Files.readAllBytes(file);
        String turned = new String(copy, StandardCharsets.UTF_8).replaceFirst("core-02", "core-03");
        Files.writeString(file, turned);

        assertThat(failure("machine", "ls")).contains(file + " is damaged and names no cluster");

        Files.write(file, copy);
        assertThat(flotilla.run("machine", "ls").text()).contains("core-02");
    }

    @Test
    @Order(3)
    void machine_files_are_written_anew_by_a_boot() throws IOException {
        Path machine = home.resolve("machines").resolve(Launcher.machine(2));
        String id = Files.readString(flotilla.root(2).resolve("etc/machine-id"));
        Files.write(machine.resolve("boot-status"), NOT_UTF_8);

        assertThat(failure("machine", "ls")).contains("boot-status", "boot the machine again");

        flotilla.run("machine", "kill", Launcher.machine(2)).text();
        Files.write(machine.resolve("machine.json"), NOT_UTF_8);
        Files.write(flotilla.root(2).resolve("etc/machine-id"), NOT_UTF_8);
        flotilla.run("machine", "boot", Launcher.machine(2)).text();

        assertThat(Files.readString(flotilla.root(2).resolve("etc/machine-id"))).isEqualTo(id);
        awaitRunning(3);
    }

    @Test
    @Order(4)
    void damaged_holdings_and_units_are_written_anew() throws IOException {
        flotilla.run("machine", "kill", Launcher.machine(3)).text();
        Path run = flotilla.root(3).resolve("run");
        Files.write(run.resolve("fleet/units.log"), NOT_UTF_8);
        Files.write(run.resolve("systemd/system").resolve(UNIT), NOT_UTF_8);

        flotilla.run("machine", "boot", Launcher.machine(3)).text();

        awaitRunning(3);
    }

    @Test
    @Order(5)
    void a_damaged_token_is_removed_and_made_anew_for_all_machines() throws IOException {
        flotilla.run("down").text();
        Path token = home.resolve("cluster.token");
        Files.write(token, NOT_UTF_8);

        assertThat(failure("up")).contains("cluster.token is damaged and holds no token");

        Files.delete(token);
        flotilla.run("down").text();
        flotilla.run("up").text();
        awaitRunning(3);
    }

    @Test
    @Order(6)
    void user_data_is_put_back() throws IOException {
        flotilla.run("down").text();
        Path userData = home.resolve("user-data");
        Path copy = home.resolve("user-data.copy");
        Files.move(userData, copy);

        assertThat(failure("up")).contains("can't read the cluster's user-data");

        Files.move(copy, userData);
        flotilla.run("up").text();
        awaitRunning(3);
    }

    /** What a command said that must have failed. */
    private String failure(String... command) {
        Launcher.Result result = flotilla.run(command);
        assertThat(result.exit()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).doesNotContain("\tat ");
        return result.err();
    }

    private void awaitRunning(int machines) {
        Awaitility.await(UNIT + " on " + machines + " machines")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(() -> running().size() == machines);
    }

    private List<String> running() {
        return flotilla.run("list-units", "--no-legend", "--fields=unit,active")
                .out()
                .lines()
                .filter(line -> line.strip().matches(UNIT + "\\s+active"))
                .toList();
    }
}
