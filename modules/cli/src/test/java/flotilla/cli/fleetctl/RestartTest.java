package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.command.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** restart asks once and then only waits. */
@Timeout(60)
class RestartTest {
    private final FakeFleet fleet = new FakeFleet();
    private final EndpointFinder finder = () -> Optional.of(fleet.endpoint());
    private final List<Exception> failures = new ArrayList<>();

    @BeforeEach
    void units_that_run() {
        for (String unit : List.of("a.service", "b.service")) {
            fleet.unit(unit, "launched", "launched");
            fleet.state(unit, "m1", "active", "running");
        }
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void units_are_asked_for_at_once_and_waited_for_one_after_another() throws Exception {
        CompletableFuture<Integer> restart = run(new Restart(finder), "b", "a");
        awaitProgress("b.service");
        assertThat(fleet.restarts()).containsExactly("b.service a.service");

        fleet.carriedOut("b.service", FakeFleet.RESTART);
        awaitProgress("a.service");
        assertThat(restart).isNotDone();
        fleet.carriedOut("a.service", FakeFleet.RESTART);

        assertThat(restart.get()).isZero();
        assertThat(fleet.asked("PUT")).as("nothing is told to stop").isEmpty();
    }

    @Test
    void one_that_is_inactive_is_told_of_before_anything_is_asked() throws Exception {
        fleet.unit("c.service", "inactive", "inactive");

        assertThat(run(new Restart(finder), "a", "c").get()).isEqualTo(1);

        assertThat(failures)
                .singleElement()
                .isInstanceOf(CommandFailure.class)
                .extracting(Exception::getMessage)
                .isEqualTo("Unable to restart unit c.service in state inactive: start it");
        assertThat(fleet.restarts()).isEmpty();
    }

    @Test
    void one_that_is_told_otherwise_meanwhile_ends_the_wait() throws Exception {
        CompletableFuture<Integer> restart = run(new Restart(finder), "a");
        awaitProgress("a.service");

        fleet.unit("a.service", "loaded", "loaded");

        assertThat(restart.get()).isEqualTo(1);
        assertThat(failures.getFirst())
                .hasMessage(
                        "Unit a.service is wanted loaded now, not launched: it was told so"
                                + " meanwhile");
    }

    @Test
    void to_start_what_has_failed_is_to_start_it_anew_with_the_others() throws Exception {
        fleet.state("a.service", "m1", "failed", "failed");
        fleet.state("b.service", "m1", "inactive", "dead");
        CompletableFuture<Integer> start = run(new Start(finder), "a", "b");
        awaitProgress("a.service");
        assertThat(fleet.restarts()).containsExactly("a.service b.service together");

        for (String unit : List.of("a.service", "b.service")) {
            fleet.state(unit, "m1", "active", "running");
            fleet.carriedOut(unit, FakeFleet.RESTART);
        }

        assertThat(start.get()).isZero();
    }

    private void awaitProgress(String unit) {
        Awaitility.await()
                .until(() ->
                        !fleet.asked("GET /flotilla/v1/units/" + unit + "/progress").isEmpty());
    }

    private CompletableFuture<Integer> run(Object command, String... arguments) {
        CommandLine line =
                new CommandLine(command)
                        .setExecutionExceptionHandler((e, at, result) -> {
                            failures.add(e);
                            return 1;
                        });
        return CompletableFuture.supplyAsync(
                () -> line.execute(arguments), task -> Thread.ofVirtual().start(task));
    }
}
