package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A unit that ends the process of each machine it comes to, on a cluster of {@code up}. */
class BrakeIT {
    private static final int MACHINES = 3;

    /**
     * The engine's pauses are two and a half minutes together, a dead machine's lease comes on top.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    @TempDir private Path folder;

    private Launcher flotilla = new Launcher(Path.of("none"), "127.84.0");
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);

    @BeforeEach
    void bring_it_up() {
        assumeTrue(
                Boolean.getBoolean("flotilla.long"),
                "SKIPPED: it waits for three minutes of pauses: -Dflotilla.long=true runs it");
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        flotilla = new Launcher(folder.resolve("home"), "127.84.0");
        flotilla.run("up").text();
    }

    @AfterEach
    void leave_nothing() {
        flotilla.run("down", "--purge");
    }

    @Test
    void a_unit_that_ends_its_machines_is_held_after_the_fourth_until_somebody_releases_it(
            TestReporter reporter) throws IOException {
        Path peace = folder.resolve("peace");
        flotilla.run("start", unit("other.service", "[Service]\nExecStart=/bin/sleep 100000\n"));
        flotilla.run("start", "--no-block", unit("killer.service", killer(peace)));

        AtomicInteger deaths = new AtomicInteger();
        await("the unit's being held")
                .until(() -> {
                    deaths.addAndGet(bootTheDead());
                    return status().contains("to try again, unload and start it");
                });
        deaths.addAndGet(bootTheDead());

        reporter.publishEntry("deaths", deaths.toString());
        assertThat(deaths).hasValue(4);
        assertThat(status())
                .contains("4 machines died within 2 minutes of being given it, the last one ");
        assertThat(dead()).isEmpty();
        await("the other unit").until(() -> active("other.service"));

        Files.createFile(peace);
        flotilla.run("unload", "killer").text();
        flotilla.run("start", "killer").text();

        assertThat(active("killer.service")).isTrue();
        assertThat(dead()).isEmpty();
    }

    /** As whoever keeps machines running does: once the cluster has noticed that it is gone. */
    private int bootTheDead() {
        List<String> dead = dead();
        for (String machine : dead) {
            await("the cluster without " + machine)
                    .until(() ->
                            flotilla.run("list-machines", "--no-legend").out().lines().count()
                                    < MACHINES);
            flotilla.run("machine", "boot", machine).text();
        }
        return dead.size();
    }

    private List<String> dead() {
        List<String> alive =
                flotilla.run("machine", "ls", "--no-legend", "--fields=name,pid")
                        .text()
                        .lines()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(cells -> cells.length == 2 && !cells[1].equals("-"))
                        .map(cells -> cells[0])
                        .toList();
        return IntStream.rangeClosed(1, MACHINES)
                .mapToObj(Launcher::machine)
                .filter(machine -> !alive.contains(machine))
                .toList();
    }

    private String status() {
        Launcher.Result status = flotilla.run("status", "killer");
        return status.out() + status.err();
    }

    private boolean active(String unit) {
        return flotilla.run("list-units", "--no-legend", "--fields=unit,active")
                .out()
                .lines()
                .anyMatch(line -> line.strip().matches(unit + "\\s+active"));
    }

    /** Its parent is the machine's own process. While there is a file it lives, and is harmless. */
    private static String killer(Path peace) {
        return "[Service]\nExecStart=/bin/sh -c \"[ -e %s ] || kill -9 $$PPID; exec sleep 100000\"\n"
                .formatted(peace);
    }

    private String unit(String name, String text) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("units"));
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(LOOK_AGAIN);
    }
}
