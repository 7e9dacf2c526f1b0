package flotilla.machine.systemd.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import flotilla.machine.systemd.ledger.Effect.Ended;
import flotilla.machine.systemd.ledger.Effect.ListAll;
import flotilla.machine.systemd.ledger.Effect.ListLater;
import flotilla.machine.systemd.ledger.Effect.Tell;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {
    private static final String A = "a.service";
    private static final String JOB = "/org/freedesktop/systemd1/job/7";

    private final Ledger ledger = new Ledger();

    @BeforeEach
    void connected() {
        lists();
    }

    private static Row row(String active, String sub, String job) {
        return new Row(A, "loaded", active, sub, job);
    }

    private List<Effect> lists(Row... rows) {
        ledger.on(new Signal.Asked());
        return ledger.on(new Signal.Listed(List.of(rows)));
    }

    private List<Effect> changes(String active, String sub) {
        return ledger.on(new Signal.Changed(A, Map.of("ActiveState", active, "SubState", sub)));
    }

    private String active() {
        return ledger.state(A).map(UnitState::active).orElse("?");
    }

    // Units

    @Test
    void a_change_is_told_once_and_known_from_then_on() {
        assertThat(changes("active", "running")).containsExactly(new Tell(Set.of(A)));
        assertThat(changes("active", "running")).isEmpty();
        assertThat(active()).isEqualTo("active");
    }

    @Test
    void what_a_service_says_beside_its_state_is_kept_with_it() {
        changes("active", "running");
        ledger.on(new Signal.Changed(A, Map.of("MainPID", "42", "Result", "success")));

        assertThat(ledger.state(A).orElseThrow().mainPid()).isEqualTo(42);
    }

    @Test
    void a_unit_that_systemd_forgets_is_at_rest() {
        changes("active", "running");

        assertThat(ledger.on(new Signal.Removed(A))).containsExactly(new Tell(Set.of(A)));
        assertThat(ledger.state(A))
                .contains(new UnitState(A, "loaded", "inactive", "dead", 0, "success"));
    }

    @Test
    void a_list_is_older_than_what_was_said_since_it_was_asked_for() {
        lists(row("activating", "start", ""));
        ledger.on(new Signal.Asked());
        changes("active", "running");

        ledger.on(new Signal.Listed(List.of(row("activating", "start", ""))));
        assertThat(active()).isEqualTo("active");

        lists(row("failed", "failed", ""));
        assertThat(active()).isEqualTo("failed");
    }

    @Test
    void a_unit_that_went_since_a_list_was_asked_for_does_not_come_back_by_it() {
        changes("active", "running");
        ledger.on(new Signal.Asked());
        ledger.on(new Signal.Removed(A));

        ledger.on(new Signal.Listed(List.of(row("active", "running", ""))));

        assertThat(ledger.all()).isEmpty();
    }

    @Test
    void a_list_tells_of_what_differs_and_of_what_is_gone() {
        changes("active", "running");

        assertThat(lists(row("active", "running", ""))).isEmpty();
        assertThat(lists(row("failed", "failed", ""))).containsExactly(new Tell(Set.of(A)));
        assertThat(lists()).containsExactly(new Tell(Set.of(A)));
        assertThat(ledger.state(A)).isEmpty();
    }

    /** Else a file that was written or removed would not be looked at again. */
    @Test
    void whether_a_unit_at_rest_can_be_loaded_is_forgotten_with_the_next_list_of_all() {
        ledger.on(new Signal.Asked());
        ledger.on(new Signal.Named(List.of(new Row(A, "not-found", "inactive", "dead", ""))));
        assertThat(ledger.state(A)).contains(UnitState.notFound(A));

        assertThat(lists()).containsExactly(new Tell(Set.of(A)));

        assertThat(ledger.state(A)).isEmpty();
    }

    @Test
    void a_failed_unit_of_a_list_has_no_result_until_it_was_asked() {
        lists(row("failed", "failed", ""));
        assertThat(ledger.state(A).orElseThrow().result()).isEmpty();

        ledger.learn(A, 0, "exit-code");

        assertThat(ledger.state(A).orElseThrow().result()).isEqualTo("exit-code");
    }

    @Test
    void units_go_and_come_in_a_reload_unheard_and_all_are_asked_for_after_it() {
        changes("active", "running");

        assertThat(ledger.on(new Signal.Reloading(true))).isEmpty();
        assertThat(ledger.on(new Signal.Removed(A))).isEmpty();
        assertThat(changes("inactive", "dead")).isEmpty();
        assertThat(active()).isEqualTo("active");

        assertThat(ledger.on(new Signal.Reloading(false))).containsExactly(new ListAll());
    }

    // Jobs

    @ParameterizedTest
    @CsvSource({
        "done,DONE", "failed,FAILED", "timeout,TIMEOUT", "canceled,CANCELED",
        "dependency,DEPENDENCY", "skipped,SKIPPED", "assert,ASSERT", "unsupported,UNSUPPORTED",
        "collected,COLLECTED", "once,ONCE", "frozen,UNKNOWN"
    })
    void a_job_ends_as_systemd_says_and_a_word_that_is_new_says_nothing(
            String word, JobResult result) {
        ledger.on(new Signal.JobGiven(1, JOB));

        assertThat(ledger.on(new Signal.JobRemoved(JOB, word)))
                .containsExactly(new Ended(1, result));
    }

    @Test
    void a_job_may_have_ended_before_the_reply_names_it() {
        assertThat(ledger.on(new Signal.JobRemoved(JOB, "done"))).isEmpty();

        assertThat(ledger.on(new Signal.JobGiven(1, JOB)))
                .containsExactly(new Ended(1, JobResult.DONE));
    }

    @Test
    void two_orders_may_be_one_job() {
        ledger.on(new Signal.JobGiven(1, JOB));
        ledger.on(new Signal.JobGiven(2, JOB));

        assertThat(ledger.on(new Signal.JobRemoved(JOB, "done")))
                .containsExactlyInAnyOrder(
                        new Ended(1, JobResult.DONE), new Ended(2, JobResult.DONE));
        assertThat(ledger.on(new Signal.JobGiven(3, JOB)))
                .containsExactly(new Ended(3, JobResult.DONE));
    }

    @Test
    void word_of_a_job_that_comes_twice_ends_it_once() {
        ledger.on(new Signal.JobGiven(1, JOB));
        ledger.on(new Signal.JobRemoved(JOB, "failed"));

        assertThat(ledger.on(new Signal.JobRemoved(JOB, "failed"))).isEmpty();
    }

    /** As when it ended while systemd reloaded (systemd#8803). */
    @Test
    void a_job_that_two_lists_no_longer_have_ends_as_unknown() {
        ledger.on(new Signal.JobGiven(1, JOB));
        assertThat(lists(row("inactive", "dead", JOB))).doesNotContain(new ListLater());

        assertThat(lists()).contains(new ListLater()).noneMatch(Ended.class::isInstance);
        assertThat(lists()).contains(new Ended(1, JobResult.UNKNOWN));
        assertThat(lists()).isEmpty();
    }

    @Test
    void a_job_whose_end_is_heard_between_two_lists_ends_as_it_did() {
        ledger.on(new Signal.JobGiven(1, JOB));
        lists();

        assertThat(ledger.on(new Signal.JobRemoved(JOB, "done")))
                .containsExactly(new Ended(1, JobResult.DONE));
        assertThat(lists()).isEmpty();
    }

    @Test
    void without_a_bus_every_job_is_unknown_and_nothing_is_known_until_the_next_list() {
        ledger.on(new Signal.JobGiven(1, JOB));
        ledger.on(new Signal.Reloading(true));

        assertThat(ledger.on(new Signal.Lost())).containsExactly(new Ended(1, JobResult.UNKNOWN));
        assertThat(ledger.isKnown()).isFalse();

        assertThat(lists(row("active", "running", ""))).containsExactly(new Tell(Set.of(A)));
        assertThat(ledger.isKnown()).isTrue();
        assertThat(changes("inactive", "dead")).isNotEmpty();
    }

    @Test
    void who_gave_up_is_told_nothing() {
        ledger.on(new Signal.JobGiven(1, JOB));
        ledger.on(new Signal.GaveUp(1));

        assertThat(ledger.on(new Signal.JobRemoved(JOB, "done"))).isEmpty();
    }

    // Words

    @ParameterizedTest
    @CsvSource({
        "api@1.service,/org/freedesktop/systemd1/unit/api_401_2eservice",
        "a-b_c.timer,/org/freedesktop/systemd1/unit/a_2db_5fc_2etimer",
        "9.service,/org/freedesktop/systemd1/unit/_39_2eservice"
    })
    void a_units_name_and_its_path_are_the_same_said_differently(String unit, String path) {
        assertThat(Words.path(unit)).isEqualTo(path);
        assertThat(Words.unit(path)).isEqualTo(unit);
    }

    @Test
    void a_path_of_something_else_is_no_units() {
        assertThat(Words.unit(JOB)).isEmpty();
    }
}
