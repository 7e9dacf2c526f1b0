package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.job.JobState;
import flotilla.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wait ends when what it waits for has come, or says why it will not. */
@Timeout(60)
class WaiterTest {
    private static final String UNIT = "a.service";
    private static final Set<String> UNITS = Set.of(UNIT);
    private static final String STATUS = "GET /flotilla/v1/units/a.service/status";

    private final FakeFleet fleet = new FakeFleet();
    private final FleetClient client = fleet.client(Duration.ofSeconds(30));

    @AfterEach
    void stop() {
        client.close();
        fleet.close();
    }

    @Test
    void a_wait_ends_when_fleet_says_that_the_unit_is_there() throws Exception {
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        awaitLook(1);

        fleet.unit(UNIT, "launched", "launched");

        wait.get();
        assertAsked(2, "GET /flotilla/v1/units/");
    }

    @Test
    void a_wait_asks_for_nothing_while_nothing_changes() throws Exception {
        fleet.unit(UNIT, "loaded", "loaded");
        fleet.state(UNIT, "m1", "deactivating", "stop-sigterm");
        CompletableFuture<Void> wait = begin(() -> new Waiter(client, 0).awaitStopped(UNITS));
        awaitState(1);

        fleet.unit("b.service", "launched", "launched");
        fleet.state("b.service", "m1", "active", "running");
        fleet.state(UNIT, "m1", "inactive", "dead");

        wait.get();
        assertAsked(2, "GET /fleet/v1/state");
        assertThat(fleet.asked("GET /flotilla/v1/events")).hasSize(1);
    }

    @Test
    void a_wait_goes_on_where_it_was_cut_off() throws Exception {
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        awaitLook(1);

        fleet.cut();
        fleet.unit(UNIT, "launched", "launched");

        wait.get();
        assertThat(fleet.lastIds()).containsExactly("", "1");
    }

    @Test
    void a_wait_whose_news_are_forgotten_looks_at_everything_again() throws Exception {
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        awaitLook(1);

        fleet.unit("b.service", "launched", "inactive");
        fleet.unit(UNIT, "launched", "launched");
        fleet.forget();
        fleet.cut();

        wait.get();
    }

    @Test
    void a_wait_at_the_original_which_tells_nothing_looks_now_and_then() throws Exception {
        fleet.tellNoEvents();
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        Awaitility.await().until(() -> fleet.asked("GET /fleet/v1/units/").size() >= 2);

        fleet.unit(UNIT, "launched", "launched");

        wait.get();
    }

    @Test
    void a_unit_that_is_destroyed_meanwhile_ends_the_wait() {
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        awaitLook(1);

        fleet.unitGone(UNIT);

        assertEnds(wait, "Unit a.service was destroyed meanwhile");
    }

    @Test
    void a_unit_that_is_told_otherwise_meanwhile_ends_the_wait() {
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait = begin(() -> await(0));
        awaitLook(1);

        fleet.unit(UNIT, "inactive", "inactive");

        assertEnds(
                wait,
                "Unit a.service is wanted inactive now, not launched: it was told so meanwhile");
    }

    @Test
    void a_unit_that_is_gone_while_it_settles_ends_the_wait() {
        assertThatThrownBy(() -> new Waiter(client, 0).awaitRunning(UNITS))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Unit a.service was destroyed meanwhile");
    }

    @Test
    void a_unit_runs_once_its_state_has_lasted() throws Exception {
        fleet.unit(UNIT, "launched", "launched");
        fleet.state(UNIT, "m1", "activating", "start");
        CompletableFuture<Void> wait = begin(() -> new Waiter(client, 0).awaitRunning(UNITS));
        awaitState(1);

        fleet.state(UNIT, "m1", "active", "running");

        wait.get();
        assertAsked(2, "GET /fleet/v1/state");
    }

    @Test
    void a_unit_that_fails_where_it_was_started_is_named() {
        fleet.unit(UNIT, "launched", "launched");
        fleet.state(UNIT, "m1", "failed", "failed");

        assertEnds(
                begin(() -> new Waiter(client, 0).awaitRunning(UNITS)),
                "launched, but not running: a.service failed: 'flotilla status a.service' says"
                        + " more");
    }

    @Test
    void why_a_unit_waits_is_asked_again_when_anything_has_changed_that_it_may_follow_from()
            throws Exception {
        AtomicLong nanos = new AtomicLong();
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait =
                begin(() -> new Waiter(client, 0, clock(nanos)).await(UNITS, JobState.LAUNCHED));
        awaitLook(1);

        nanos.set(Duration.ofSeconds(2).toNanos());
        fleet.unit(UNIT, "launched", "inactive");
        assertAsked(1, STATUS);
        assertAsked(2, "GET /flotilla/v1/events");
        assertThat(fleet.asked("GET /flotilla/v1/events").getLast())
                .contains("machine", "eligibility")
                .doesNotContain(UNIT);

        nanos.set(Duration.ofSeconds(4).toNanos());
        fleet.machine("m2", "ready");
        assertAsked(2, STATUS);

        fleet.unit(UNIT, "launched", "launched");
        wait.get();
        assertAsked(2, STATUS);
    }

    @Test
    void why_a_unit_waits_is_asked_less_often_while_the_answer_is_the_same() throws Exception {
        AtomicLong nanos = new AtomicLong();
        fleet.unit(UNIT, "launched", "inactive");
        CompletableFuture<Void> wait =
                begin(() -> new Waiter(client, 0, clock(nanos)).await(UNITS, JobState.LAUNCHED));
        awaitLook(1);
        nanos.set(Duration.ofSeconds(2).toNanos());
        fleet.unit(UNIT, "launched", "inactive");
        assertAsked(1, STATUS);
        nanos.set(Duration.ofSeconds(4).toNanos());
        fleet.machine("m2", "ready");
        assertAsked(2, STATUS);

        nanos.set(Duration.ofSeconds(7).toNanos());
        // The second look comes after whatever the first news led to.
        for (int look = 0; look < 2; look++) {
            int looks = fleet.asked("GET /flotilla/v1/units/a.service").size();
            fleet.unit(UNIT, "launched", "inactive");
            awaitLook(looks + 1);
        }
        assertThat(fleet.asked(STATUS)).hasSize(2);

        nanos.set(Duration.ofSeconds(8).toNanos());
        fleet.machine("m3", "ready");
        assertAsked(3, STATUS);
        fleet.unit(UNIT, "launched", "launched");
        wait.get();
    }

    private static Clock clock(AtomicLong nanos) {
        return new Clock() {
            @Override
            public long nanos() {
                return nanos.get();
            }

            @Override
            public Instant now() {
                return Instant.EPOCH;
            }
        };
    }

    @Test
    void a_wait_with_a_limit_says_that_it_is_over_and_what_stays() {
        fleet.unit(UNIT, "launched", "inactive");

        assertThatThrownBy(() -> await(1))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "timed out waiting for a.service; it stays asked for, see 'flotilla"
                                + " status'");
    }

    @Test
    void a_fleet_that_goes_away_ends_the_wait() {
        fleet.unit(UNIT, "launched", "inactive");
        try (FleetClient impatient = fleet.client(Duration.ZERO)) {
            CompletableFuture<Void> wait =
                    begin(() -> new Waiter(impatient, 0).await(UNITS, JobState.LAUNCHED));
            awaitLook(1);

            fleet.close();

            assertThatThrownBy(wait::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(FleetException.class);
        }
    }

    private void await(int attempts) throws InterruptedException {
        new Waiter(client, attempts).await(UNITS, JobState.LAUNCHED);
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static CompletableFuture<Void> begin(Wait wait) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        wait.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private void awaitLook(int looks) {
        Awaitility.await().until(() -> fleet.asked("GET /flotilla/v1/units/").size() >= looks);
    }

    /** What the last answer was to is noted just after it. */
    private void assertAsked(int times, String what) {
        Awaitility.await().untilAsserted(() -> assertThat(fleet.asked(what)).hasSize(times));
    }

    private void awaitState(int looks) {
        Awaitility.await().until(() -> fleet.asked("GET /fleet/v1/state").size() >= looks);
    }

    private static void assertEnds(CompletableFuture<Void> wait, String words) {
        assertThatThrownBy(wait::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CommandFailure.class)
                .hasMessage(words);
    }
}
