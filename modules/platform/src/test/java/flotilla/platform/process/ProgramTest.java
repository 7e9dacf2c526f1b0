package flotilla.platform.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.process.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProgramTest {
    @TempDir Path folder;

    private static Program sh(String script) {
        return Program.of(List.of("sh", "-c", script));
    }

    @Test
    void it_reads_its_input_and_its_two_outputs_are_one() throws Exception {
        Ended ended = sh("cat; echo why >&2; exit 3").reading("what\n").run();

        assertThat(ended).isEqualTo(new Ended(3, "what\nwhy\n"));
        assertThat(ended.lastLine()).isEqualTo("why");
        assertThatThrownBy(() -> sh("echo why >&2; exit 3").need())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(": why (3)");
    }

    @Test
    void more_input_and_output_than_pipes_hold_stop_nobody() throws Exception {
        String much = "0123456789".repeat(100_000);

        assertThat(sh("cat").reading(much).run().text()).isEqualTo(much);
        assertThat(sh("exit 0").reading(much).run().code()).isZero();
    }

    @Test
    void of_much_output_the_end_is_kept() throws Exception {
        Program program =
                new Program(
                        List.of("sh", "-c", "seq 100000; echo end"),
                        Optional.empty(),
                        "",
                        Duration.ofSeconds(50),
                        100);

        assertThat(program.run().text()).endsWith("100000\nend\n").hasSizeBetween(100, 200);
    }

    @Test
    void it_knows_of_the_environment_what_it_is_given() throws Exception {
        Program program = Program.of(List.of("/usr/bin/env"));

        assertThat(program.run().text()).contains("PATH=");
        assertThat(program.knowingOnly(Map.of("A", "b")).run().text()).isEqualTo("A=b\n");
    }

    @Test
    void what_has_not_ended_in_time_is_killed_with_all_that_it_started() throws Exception {
        Path child = folder.resolve("child");
        Program program =
                sh("echo begun; sleep 1000 & echo $! >%s; wait".formatted(child))
                        .within(Duration.ofSeconds(3));

        assertThatThrownBy(program::run)
                .isInstanceOfSatisfying(
                        Program.LateException.class,
                        late -> assertThat(late.text()).isEqualTo("begun\n"));

        CompletableFuture<?> gone =
                ProcessHandle.of(Long.parseLong(Files.readString(child).strip()))
                        .<CompletableFuture<?>>map(ProcessHandle::onExit)
                        .orElse(CompletableFuture.completedFuture(null));
        assertThat(gone).succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void one_that_left_something_behind_has_ended_all_the_same() throws Exception {
        Ended ended = sh("sleep 1000 & echo $!").run();

        ProcessHandle left = ProcessHandle.of(Long.parseLong(ended.text().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }
}
