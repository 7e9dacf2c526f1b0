package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a machine whose process is killed, looked at before it boots again. */
class ReaperTest {
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
        look(machine);
        look(machine);

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

    /** Has the machine look at its processes. */
    private static void look(Process machine) throws IOException {
        machine.outputWriter().write("\n");
        machine.outputWriter().flush();
        awaitWord(machine, "looked");
    }

    private static void awaitWord(Process machine, String word) throws IOException {
        BufferedReader output = machine.inputReader();
        String line = output.readLine();
        while (line != null && !line.equals(word)) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo(word);
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
