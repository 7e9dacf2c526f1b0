package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that are run beside a unit to see how it fares, with real processes. */
class ProbeTest {
    private static final String UNIT = "p@7.service";

    @TempDir private Path root = Path.of("");
    private Machine machine;

    @BeforeEach
    void a_unit_that_runs() throws Exception {
        machine = new Machine(root);
        machine.service(
                "p@.service",
                "Environment=NAME=value; WorkingDirectory=/usr; ExecStart=/bin/sleep 1000");
        assertThat(machine.start(UNIT)).isEqualTo(JobResult.DONE);
    }

    @AfterEach
    void nothing_outlives_the_machine() {
        machine.close();
        assertThat(machine.processes()).isEmpty();
    }

    private CompletableFuture<String> begin(String line, Duration limit) {
        return machine.init.probe(UNIT, line, limit);
    }

    private String probe(String line) throws Exception {
        return begin(line, Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/bin/true                                         | ``",
                "/bin/sh -c 'echo fine; exit 0'                    | ``",
                "/bin/false                                        | code=exited, status=1",
                "/bin/sh -c 'echo one; echo two >&2; exit 3'       | code=exited, status=3: two",
                "/bin/sh -c 'printf \"last\\n\\n  \\n\"; exit 1'   | code=exited, status=1: last",
                "/bin/sh -c 'kill -9 $$$$'                         | code=killed, signal=KILL",
                "/bin/sh -c 'echo ${NAME} %i $$(pwd); exit 1'      | code=exited, status=1: value 7 /usr",
                "/bin/sh -c 'test -n \"$$MAINPID\" -a -n \"$$INVOCATION_ID\"' | ``",
                "/nosuch                                           | Failed to execute /nosuch: no such executable file",
                "``                                                | no command:",
            })
    void a_command_runs_as_one_of_the_units_own_and_its_end_is_told(String line, String words)
            throws Exception {
        assertThat(probe(line).strip()).isEqualTo(words);
    }

    @Test
    void a_command_that_takes_too_long_is_killed_with_all_it_has_started() throws Exception {
        Path pids = root.resolve("pids");
        String words =
                begin(
                                "/bin/sh -c 'sleep 1001 & echo $! >%s; exec sleep 1002'"
                                        .formatted(pids),
                                Duration.ofMillis(500))
                        .get(30, TimeUnit.SECONDS);

        assertThat(words).isEqualTo("took longer than 500 ms");
        long child = Long.parseLong(Files.readString(pids).strip());
        await().until(() -> isGone(child));
        assertThat(machine.words(UNIT)).isEqualTo("active/running/success");
    }

    @Test
    void what_a_command_leaves_behind_ends_with_it_and_keeps_nobody_waiting() throws Exception {
        Path pids = root.resolve("pids");

        assertThat(probe("/bin/sh -c 'sleep 1001 & echo $! >%s; exit 0'".formatted(pids)))
                .isEmpty();

        long child = Long.parseLong(Files.readString(pids).strip());
        await().until(() -> isGone(child));
    }

    @Test
    void a_unit_that_stops_takes_its_command_along() throws Exception {
        CompletableFuture<String> words = begin("/bin/sleep 1000", Duration.ofMinutes(5));

        assertThat(machine.stop(UNIT)).isEqualTo(JobResult.DONE);

        assertThat(words.get(30, TimeUnit.SECONDS)).startsWith("code=killed");
    }

    @Test
    void much_output_is_read_and_only_the_end_is_kept() throws Exception {
        String words =
                probe("/bin/sh -c 'head -c 3000000 /dev/zero | tr \"\\\\0\" x; echo; exec false'");

        assertThat(words).startsWith("code=exited, status=1: xxx").hasSizeLessThan(250);
    }

    @Test
    void a_machine_that_is_down_says_so() throws IOException {
        machine.close();

        assertThat(begin("/bin/true", Duration.ofSeconds(1)))
                .isCompletedWithValue("the machine is down");
    }

    /** Also one that nobody has reaped yet: who is its parent by then takes its time. */
    private static boolean isGone(long pid) {
        return ProcessTable.scan().entries().stream()
                .noneMatch(entry -> entry.pid() == pid && !entry.isZombie());
    }
}
