package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a machine counts as empty, and what is said of one that is not. */
@Timeout(60)
class EmptyingTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String UNIT = "a.service";

    private final FakeFleet fleet = new FakeFleet();
    private final FleetClient client = fleet.client(Duration.ofSeconds(30));

    @BeforeEach
    void a_unit_on_a_machine_that_is_drained() {
        fleet.machine("m1", "draining");
        fleet.unit(UNIT, "launched", "launched");
        fleet.state(UNIT, "m1", "active", "running");
    }

    @AfterEach
    void stop() {
        client.close();
        fleet.close();
    }

    @Test
    void a_machine_is_empty_when_no_unit_belongs_to_it_and_it_reports_none() throws Exception {
        CompletableFuture<Void> wait = begin();
        awaitLooks(1);

        fleet.moved(UNIT, "m2");
        fleet.state(UNIT, "m1", "deactivating", "stop-sigterm");
        awaitLooks(2);
        assertThat(wait).isNotDone();
        fleet.stateGone(UNIT, "m1");

        wait.get();
    }

    @Test
    void at_the_deadline_each_unit_is_named_with_what_keeps_it() {
        fleet.stateGone(UNIT, "m1");
        fleet.state("log.service", "m1", "deactivating", "stop-sigterm");
        fleet.status(
                UNIT,
                """
                {"name":"a.service","hash":"h","desiredState":"launched","machineID":"m1",
                 "waiting":"its machine is drained, but no other can have it",
                 "refusals":[{"machineID":"m2","machine":"core-02","reason":"is cordoned"}]}
                """);

        assertThatThrownBy(() -> new Emptying(client, "m1", "core-01").await(Duration.ZERO))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        """
                        core-01 still has 2 at the deadline:
                        a.service waits: its machine is drained, but no other can have it
                          core-02: is cordoned
                        log.service is still there: deactivating (stop-sigterm)
                        No unit comes to it: 'flotilla drain' waits on, 'flotilla uncordon' takes it\
                         back\
                        """);
    }

    @Test
    void a_machine_that_is_uncordoned_meanwhile_ends_the_wait() {
        CompletableFuture<Void> wait = begin();
        awaitLooks(1);

        fleet.machine("m1", "ready");

        assertThatThrownBy(wait::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CommandFailure.class)
                .hasMessage("core-01 is ready now, not drained: it was told so meanwhile");
    }

    private CompletableFuture<Void> begin() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        new Emptying(client, "m1", "core-01").await(LONG);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private void awaitLooks(int looks) {
        Awaitility.await().until(() -> fleet.asked("GET /fleet/v1/state").size() >= looks);
    }
}
