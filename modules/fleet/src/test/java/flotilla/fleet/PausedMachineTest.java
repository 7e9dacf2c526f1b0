package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.job.JobState;
import flotilla.proof.OriginalEtcd;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine whose process stands still (SIGSTOP) for longer than its lease, and goes on: how many
 * copies of its units there are meanwhile, on both machines.
 */
class PausedMachineTest {
    @TempDir private Path directory = Path.of("");

    /** So many seconds sleep the units: that is how the test knows their processes. */
    private final long single = ThreadLocalRandom.current().nextLong(1L << 40);

    private final long doubled = single + 1;
    private final Map<String, Process> machines = new HashMap<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process machine : machines.values()) {
            machine.destroyForcibly().waitFor();
        }
        await().until(() -> copies(single) + copies(doubled) == 0);
    }

    @Test
    void of_what_must_not_run_twice_there_are_never_two_and_the_rest_goes_on_the_return(
            TestReporter reporter) throws Exception {
        try (OriginalEtcd etcd = OriginalEtcd.start(directory)) {
            boot("m1", etcd);
            boot("m2", etcd);
            String machine = startUnits();
            String other = machine.equals("m1") ? "m2" : "m1";
            AtomicInteger most = new AtomicInteger();

            signal("STOP", machine);
            try (FleetClient fleet = client(other)) {
                eventually("both run elsewhere")
                        .until(() -> {
                            most.accumulateAndGet(copies(single), Math::max);
                            return copies(doubled) == 2
                                    && copies(single) == 1
                                    && machineOf(fleet, "single.service").equals(other);
                        });
            } finally {
                signal("CONT", machine);
            }
            long back = System.nanoTime();
            eventually("one of each")
                    .until(() -> {
                        most.accumulateAndGet(copies(single), Math::max);
                        return copies(doubled) == 1;
                    });
            reporter.publishEntry(
                    "milliseconds from SIGCONT until the second copy was gone",
                    String.valueOf(Duration.ofNanos(System.nanoTime() - back).toMillis()));

            assertThat(most).as("copies of single.service at a time").hasValue(1);
            try (FleetClient fleet = client(other)) {
                assertThat(machineOf(fleet, "single.service")).isEqualTo(other);
            }
        }
    }

    /** Both on one machine; which. */
    private String startUnits() {
        try (FleetClient fleet = client("m1")) {
            eventually("both machines").until(() -> fleet.listMachines().size() == 2);
            fleet.createUnit("single.service", text(single, "OnLost=stop"), JobState.LAUNCHED);
            fleet.createUnit(
                    "doubled.service",
                    text(doubled, "OnLost=keep\nMachineOf=single.service"),
                    JobState.LAUNCHED);
            eventually("both units")
                    .until(() ->
                            copies(single) == 1
                                    && copies(doubled) == 1
                                    && !machineOf(fleet, "single.service").isEmpty());
            return machineOf(fleet, "single.service");
        }
    }

    private static UnitFile text(long token, String options) {
        return UnitFile.parse(
                "[Service]\nRestart=always\nExecStart=/bin/sleep %d\n[X-Fleet]\n%s\n"
                        .formatted(token, options));
    }

    private static String machineOf(FleetClient fleet, String unit) {
        return fleet.states(unit).stream()
                .filter(state -> "active".equals(state.systemdActiveState()))
                .map(StateBody::machineID)
                .map(String::valueOf)
                .findFirst()
                .orElse("");
    }

    private void boot(String id, OriginalEtcd etcd) throws IOException {
        machines.put(
                id,
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MachineProcess.class.getName(),
                                Files.createDirectory(directory.resolve(id)).toString(),
                                etcd.endpoint())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    private FleetClient client(String id) {
        return FleetClient.to(URI.create("unix://" + FleetDaemon.socket(directory.resolve(id))));
    }

    private void signal(String name, String id) throws IOException, InterruptedException {
        long pid = Objects.requireNonNull(machines.get(id)).pid();
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    }

    /** Processes that sleep so long, of whichever machine. */
    private static int copies(long token) {
        String commandLine = "/bin/sleep\0" + token + "\0";
        return (int)
                ProcessHandle.allProcesses()
                        .filter(process -> commandLine(process).equals(commandLine))
                        .count();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), "cmdline"),
                    StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static ConditionFactory eventually(String what) {
        return await(what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(FleetException.class);
    }
}
