package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.process.Spawner;
import flotilla.machine.service.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a machine whose process is killed, looked at before it boots again. */
class ReaperTest {
    private static final Pattern OVER =
            Pattern.compile(Pattern.quote(DoomedMachine.GUARDED) + " (inactive|failed)");

    /** SIGSTOP (signal(7)). */
    private static final int STOP = 19;

    @TempDir Path root;

    /** So many seconds sleep this test's processes: that is how it knows them, marked or not. */
    private final String token = String.valueOf(ThreadLocalRandom.current().nextLong(1L << 40));

    private final List<Process> machines = new ArrayList<>();
    private Path units;

    @BeforeEach
    void directory() throws IOException {
        units = Files.createDirectory(root.resolve("units"));
    }

    @AfterEach
    void end() {
        machines.forEach(Process::destroyForcibly);
        ours().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void whatever_a_killed_machine_started_ends_at_once() throws Exception {
        unit("daemon.service", "Type=forking", "setsid sleep TOKEN & exit 0");
        unit("shell.service", "Type=simple", "sleep TOKEN & (sleep TOKEN & wait) & wait");
        unit("cleared.service", "Type=simple", "env -i sleep TOKEN & exec sleep TOKEN");
        unit("ignores.service", "Type=simple", "trap '' TERM HUP; sleep TOKEN & wait");
        Process machine = machine("doomed");
        await().until(() -> ours().count() >= 6);

        machine.destroyForcibly().waitFor();

        await().atMost(20, TimeUnit.SECONDS).until(() -> ours().findAny().isEmpty());
    }

    @Test
    void a_daemon_without_parent_session_and_environment_ends_too_once_it_was_seen()
            throws Exception {
        unit("hard.service", "Type=oneshot\nRemainAfterExit=yes", "(env -i setsid sleep TOKEN &)");
        Process machine = machine("doomed");
        await().until(() -> ours().anyMatch(ReaperTest::hasNoEnvironment));
        look(machine, '\n');
        look(machine, '\n');

        machine.destroyForcibly().waitFor();

        await().atMost(20, TimeUnit.SECONDS).until(() -> ours().findAny().isEmpty());
    }

    @Test
    void the_reaper_spares_other_machines_and_the_next_run_of_its_own() throws Exception {
        unit("shell.service", "Type=simple", "sleep TOKEN & wait");
        Process machine = machine("doomed");
        Process other = machine("other");
        await().until(() -> ours().count() == 2);
        List<ProcessHandle> before = ours().toList();

        machine.destroyForcibly().waitFor();
        machine("doomed");

        await().until(() -> ours().count() == 2);
        List<ProcessHandle> after = ours().toList();
        assertThat(other.isAlive()).isTrue();
        assertThat(after).filteredOn(before::contains).hasSize(1);
        assertThat(machines.stream().flatMap(each -> reapers(each.toHandle()))).hasSize(2);
    }

    @Test
    void a_reaper_ends_with_a_machine_that_goes_down_in_order_and_is_replaced_when_killed()
            throws Exception {
        try (Machine machine = new Machine(root)) {
            ProcessHandle first = reapers(ProcessHandle.current()).findAny().orElseThrow();

            first.destroyForcibly();

            machine.service("a.service", "ExecStart=/bin/sleep 1000");
            machine.start("a.service");
            await().until(() -> {
                machine.init.status("a.service");
                return reapers(ProcessHandle.current()).anyMatch(next -> !next.equals(first));
            });
        }
        await().until(() -> reapers(ProcessHandle.current()).findAny().isEmpty());
    }

    @Test
    void what_may_run_only_for_so_long_ends_while_the_machine_stands_still_and_stays_ended()
            throws Exception {
        String restarts = "Type=simple\nRestart=always\nRestartSec=10ms";
        unit(DoomedMachine.GUARDED, restarts, "sleep TOKEN & env -i sleep TOKEN & wait");
        unit("other.service", "Type=simple", "exec sleep TOKEN");
        Process machine = machine("doomed");
        await().until(() -> ours().count() == 3);
        look(machine, DoomedMachine.PERMIT);

        Spawner.kill(machine.pid(), STOP);

        await().atMost(20, TimeUnit.SECONDS).until(() -> ours().count() == 1);
        Spawner.kill(machine.pid(), Signals.CONT);
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> look(machine, '\n').stream().anyMatch(OVER.asMatchPredicate()));
        assertThat(ours()).hasSize(1);
        assertThat(look(machine, '\n')).contains("other.service active");
    }

    @Test
    void a_permit_that_is_renewed_in_time_ends_nothing() throws Exception {
        unit(DoomedMachine.GUARDED, "Type=simple", "exec sleep TOKEN");
        Process machine = machine("doomed");
        await().until(() -> ours().count() == 1);
        ProcessHandle process = ours().findAny().orElseThrow();
        long begin = System.nanoTime();

        // Longer than one permit lasts, by half.
        while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(3)) {
            look(machine, DoomedMachine.PERMIT);
        }

        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void a_unit_holds_no_end_of_the_pipe_by_which_the_reaper_waits() throws Exception {
        try (Machine machine = new Machine(root, Map.of())) {
            machine.service("a.service", "ExecStart=/bin/sleep 1000");
            machine.start("a.service");
            long pid = machine.state("a.service").mainPid();

            try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("0", "1", "2");
            }
        }
    }

    private void unit(String name, String type, String script) throws IOException {
        String text = "[Service]\n%s\nExecStart=/bin/sh -c \"%s\"\n".formatted(type, script);
        Files.writeString(units.resolve(name), text.replace("TOKEN", token));
    }

    private Process machine(String name) throws IOException {
        String id = UUID.nameUUIDFromBytes((token + name).getBytes(StandardCharsets.UTF_8)) + "";
        Process machine =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                DoomedMachine.class.getName(),
                                root.resolve(name).toString(),
                                id,
                                units.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        machines.add(machine);
        awaitWord(machine, "up");
        return machine;
    }

    /** Has the machine look at its processes; how its units are. */
    private static List<String> look(Process machine, char command) throws IOException {
        machine.outputWriter().write(command);
        machine.outputWriter().flush();
        return awaitWord(machine, "looked");
    }

    /** What it says until then. */
    private static List<String> awaitWord(Process machine, String word) throws IOException {
        BufferedReader output = machine.inputReader();
        List<String> said = new ArrayList<>();
        String line = output.readLine();
        while (line != null && !line.equals(word)) {
            said.add(line);
            line = output.readLine();
        }
        assertThat(line).isEqualTo(word);
        return said;
    }

    private Stream<ProcessHandle> ours() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).equals("sleep\0" + token + "\0"));
    }

    private static Stream<ProcessHandle> reapers(ProcessHandle machine) {
        return machine.children().filter(ReaperTest::isReaper);
    }

    private static boolean isReaper(ProcessHandle process) {
        return commandLine(process).contains("\0flotilla-reaper\0");
    }

    private static boolean hasNoEnvironment(ProcessHandle process) {
        return text(process, "environ").isEmpty();
    }

    private static String commandLine(ProcessHandle process) {
        return text(process, "cmdline");
    }

    private static String text(ProcessHandle process, String file) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), file),
                    StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
