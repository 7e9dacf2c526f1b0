package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** rollout asks once and then only watches. */
@Timeout(60)
class RolloutTest {
    private static final String SET = "api@.service";

    @TempDir private Path directory = Path.of("");
    private final FakeFleet fleet = new FakeFleet();
    private final EndpointFinder finder = () -> Optional.of(fleet.endpoint());
    private final List<Exception> failures = new ArrayList<>();

    @BeforeEach
    void a_file_and_a_rollout_that_has_begun() throws IOException {
        Files.writeString(file(), "[Service]\nExecStart=/bin/new\n");
        is("running", "", "old");
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private Path file() {
        return directory.resolve(SET);
    }

    private void is(String phase, String reason, String text) {
        is("new", phase, reason, text);
    }

    private void is(String hash, String phase, String reason, String text) {
        fleet.rollout(
                SET,
                """
                {"name":"api@.service","hash":"%s","phase":"%s","reason":"%s","sinceMillis":7,
                "policy":{"parallelism":1,"minHealthyMillis":1,"deadlineMillis":2,"autoUndo":true},
                "units":[{"name":"api@1.service","text":"%s","desiredState":"launched",
                "machineID":"m1","health":"healthy"}]}
                """
                        .formatted(hash, phase, reason, text));
    }

    private CompletableFuture<Integer> run(String... arguments) {
        CommandLine line =
                new CommandLine(Rollout.spec(finder))
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setErr(new PrintWriter(new StringWriter()))
                        .setExecutionExceptionHandler((e, _, _) -> {
                            failures.add(e);
                            return 1;
                        });
        return CompletableFuture.supplyAsync(
                () -> line.execute(arguments), task -> Thread.ofVirtual().start(task));
    }

    private void awaitLook() {
        Awaitility.await().until(() -> !fleet.asked("GET /flotilla/v1/rollouts/").isEmpty());
    }

    @Test
    void a_rollout_is_asked_for_as_the_options_say_and_waited_for_until_it_is_done()
            throws Exception {
        CompletableFuture<Integer> start =
                run(
                        "start",
                        "--parallelism=2",
                        "--min-healthy=3s",
                        "--deadline=1m",
                        "--no-undo",
                        file().toString());
        awaitLook();
        assertThat(start).isNotDone();

        is("running", "", "new");
        is("done", "", "new");

        assertThat(start.get()).isZero();
        assertThat(fleet.rolledOut())
                .singleElement()
                .asString()
                .startsWith("/flotilla/v1/rollouts {")
                .contains("\"name\":\"api@.service\"", "\"value\":\"/bin/new\"")
                .contains("\"parallelism\":2", "\"minHealthyMillis\":3000")
                .contains("\"deadlineMillis\":60000", "\"autoUndo\":false", "\"replace\":false");
    }

    @ParameterizedTest
    @CsvSource({"undone, api@2.service failed", "failed, no unit of it is there any more"})
    void one_that_ends_otherwise_exits_with_1_and_says_why(String phase, String reason)
            throws Exception {
        CompletableFuture<Integer> start = run("start", file().toString());
        awaitLook();

        is("undoing", reason, "new");
        is(phase, reason, "old");

        assertThat(start.get()).isEqualTo(1);
        assertThat(failures.getFirst())
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Rollout of api@.service %s: %s".formatted(phase, reason));
    }

    @Test
    void one_whose_place_another_has_taken_is_not_waited_for() throws Exception {
        CompletableFuture<Integer> start = run("start", file().toString());
        awaitLook();

        is("other", "running", "", "old");

        assertThat(start.get()).isEqualTo(1);
        assertThat(failures.getFirst()).hasMessageContaining("another rollout of api@.service");
    }

    @Test
    void nobody_waits_when_nobody_is_to() throws Exception {
        assertThat(run("start", "--no-block", file().toString()).get()).isZero();
        assertThat(fleet.asked("GET /flotilla/v1/events")).isEmpty();
    }

    @Test
    void what_is_undone_is_what_undo_waits_for() throws Exception {
        is("undoing", "asked for", "new");
        CompletableFuture<Integer> undo = run("undo", "api@");
        awaitLook();

        is("undone", "asked for", "old");

        assertThat(undo.get()).isZero();
        assertThat(fleet.rolledOut())
                .containsExactly("/flotilla/v1/rollouts/api@.service {\"action\":\"undo\"}");
    }

    @ParameterizedTest
    @CsvSource({"pause", "resume"})
    void others_do_not_wait(String verb) throws Exception {
        assertThat(run(verb, "api@").get()).isZero();

        assertThat(fleet.rolledOut())
                .containsExactly(
                        "/flotilla/v1/rollouts/api@.service {\"action\":\"%s\"}".formatted(verb));
    }

    @Test
    void one_that_nobody_knows_is_told_of() throws Exception {
        assertThat(run("status", "no").get()).isEqualTo(1);
        assertThat(run("undo", "no").get()).isEqualTo(1);

        assertThat(failures)
                .extracting(Exception::getMessage)
                .containsOnly("there is no rollout of no.service");
    }

    @Test
    void a_time_that_is_none_is_refused_before_anything_is_asked() throws Exception {
        assertThat(run("start", "--deadline=soon", file().toString()).get()).isEqualTo(1);

        assertThat(failures.getFirst()).isInstanceOf(UsageFailure.class);
        assertThat(fleet.rolledOut()).isEmpty();
    }
}
