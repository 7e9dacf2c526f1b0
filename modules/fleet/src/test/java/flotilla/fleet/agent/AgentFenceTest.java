package flotilla.fleet.agent;

import static flotilla.fleet.agent.Rig.FENCE;
import static flotilla.fleet.agent.Rig.KEEPS;
import static flotilla.fleet.agent.Rig.STOPS;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import flotilla.machine.UnitState;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a machine does while it is not sure to be in the cluster. */
class AgentFenceTest {
    private static final String KEPT = "kept.service";
    private static final String STOPPED = "stopped.service";

    /** A machine that runs one of each kind. */
    private static Rig both() {
        Rig rig = Rig.running(KEPT, KEEPS);
        rig.tell(STOPPED, STOPS, JobState.LAUNCHED, 1);
        rig.words();
        return rig;
    }

    /** Started to stop at A, all gone by A + K, within T + G: the reference's inequality. */
    @Test
    void what_must_not_run_twice_is_over_before_others_may_have_it() {
        assertThat(FENCE.stopAfterMillis()).isLessThan(FENCE.killAfterMillis());
        assertThat(FENCE.killAfterMillis() * 11 / 10)
                .isLessThan(Rig.TTL.toMillis() + FENCE.graceMillis());
        assertThat(FENCE.stopAfterMillis())
                .as("two renewals, and a third that is not answered in time")
                .isGreaterThan(Rig.TTL.toMillis() * 2 / 3);
    }

    @Test
    void without_renewals_what_must_not_run_twice_is_stopped_in_time_and_the_rest_runs_on() {
        Rig rig = both();

        rig.pass(FENCE.stopAfterMillis() - 1);
        assertThat(rig.words()).isEmpty();
        rig.pass(1);

        assertThat(rig.words())
                .contains("stop stopped.service")
                .doesNotContain("stop kept.service");
        rig.pass(100_000);
        assertThat(rig.active(KEPT)).isEqualTo("active");
    }

    @Test
    void it_is_killed_if_it_has_not_stopped_by_then() {
        Rig rig = both();
        rig.deaf.add(STOPPED);

        rig.pass(FENCE.killAfterMillis() - 1);
        assertThat(rig.words()).doesNotContain("kill stopped.service");
        rig.pass(1);

        assertThat(rig.words())
                .contains("kill stopped.service")
                .doesNotContain("kill kept.service");
    }

    @Test
    void what_comes_up_again_meanwhile_is_stopped_again() {
        Rig rig = both();
        rig.pass(FENCE.stopAfterMillis());
        rig.words();

        rig.becomes(STOPPED, "activating");
        rig.pass(1_000);

        assertThat(rig.words()).containsExactly("stop stopped.service");
    }

    @Test
    void as_long_as_renewals_come_nothing_is_stopped() {
        Rig rig = both();

        rig.passInCluster(100_000);

        assertThat(rig.words()).isEmpty();
    }

    @Test
    void it_counts_from_when_the_last_renewal_was_sent_not_from_when_it_was_answered() {
        Rig rig = both();
        rig.pass(500);
        long sent = rig.now;
        rig.pass(2_000);
        rig.on(new Event.Renewed(1, sent));

        rig.pass(FENCE.stopAfterMillis() - 2_000 - 1);
        assertThat(rig.words()).isEmpty();
        rig.pass(1);

        assertThat(rig.words()).contains("stop stopped.service");
    }

    @Test
    void a_renewal_alone_starts_nothing_again_and_a_fresh_listing_with_it_does() {
        Rig rig = both();
        rig.storeAnswers = false;
        rig.pass(FENCE.stopAfterMillis());
        assertThat(rig.words()).containsExactly("list", "stop stopped.service");

        rig.renew();
        assertThat(rig.words()).isEmpty();
        rig.answerListing(rig.revision);
        rig.renew();

        assertThat(rig.words()).containsExactly("start stopped.service");
    }

    @Test
    void what_was_given_away_meanwhile_is_not_started_again() {
        Rig rig = both();
        rig.pass(FENCE.stopAfterMillis());
        rig.placements.clear();
        rig.words();

        rig.register();

        assertThat(rig.words()).doesNotContain("start stopped.service");
        assertThat(rig.files).isEmpty();
    }

    @Test
    void a_unit_that_had_ended_before_is_not_started_by_the_return() {
        Rig rig = both();
        rig.becomes(STOPPED, "failed");

        rig.pass(FENCE.stopAfterMillis());
        rig.register();

        assertThat(rig.words()).doesNotContain("stop stopped.service", "start stopped.service");
    }

    @Test
    void a_unit_that_the_init_ended_in_the_absence_is_started_by_the_return() {
        Rig rig = both();

        // The init's own word of it comes first.
        rig.now += 20_000;
        rig.becomes(STOPPED, "inactive");
        rig.register();

        assertThat(rig.active(STOPPED)).isEqualTo("active");
    }

    /** Nobody was there to say again that it may run. */
    @Test
    void a_unit_that_the_init_ended_while_no_daemon_was_there_is_started_by_the_next_one() {
        Rig rig = both();
        ended(rig, STOPPED);
        ended(rig, KEPT);

        rig.restart();
        rig.register();

        assertThat(rig.words())
                .contains("start stopped.service")
                .doesNotContain("start kept.service");
    }

    /** Also if the one before was there, but could not be sure. */
    @Test
    void a_unit_that_ends_while_its_daemon_is_not_sure_yet_is_started_once_it_is() {
        Rig rig = both();
        rig.restart();
        rig.becomes(STOPPED, "inactive");

        rig.restart();
        rig.register();

        assertThat(rig.words()).contains("start stopped.service");
    }

    @Test
    void a_unit_that_had_ended_by_itself_is_started_by_no_later_daemon() {
        Rig rig = both();
        rig.passInCluster(2_000);
        rig.becomes(STOPPED, "failed");

        rig.restart();
        rig.register();

        assertThat(rig.words()).doesNotContain("start stopped.service");
    }

    /** The init may have ended it just before it was told that it may run on. */
    @Test
    void a_unit_whose_end_is_seen_just_after_a_registration_is_started_by_the_next_daemon() {
        Rig rig = both();
        rig.restart();
        rig.register();
        rig.becomes(STOPPED, "failed");

        rig.passInCluster(2_000);

        assertThat(rig.words()).contains("start stopped.service");
    }

    /** What the init said may have been read before the start, and reach the agent after it. */
    @Test
    void a_unit_that_only_seems_to_have_ended_is_started_again_when_the_init_ends_it() {
        Rig rig = both();
        rig.on(new Event.Changed(state(STOPPED, "inactive")));

        rig.now += FENCE.killAfterMillis();
        rig.set(STOPPED, "failed");
        rig.register();

        assertThat(rig.active(STOPPED)).isEqualTo("active");
    }

    /** The init kills at its own time, and says so when the machine is already sure again. */
    @Test
    void a_unit_whose_time_was_over_and_whose_end_is_seen_just_after_the_return_is_started() {
        Rig rig = both();
        rig.now += FENCE.killAfterMillis();
        rig.renew();
        assertThat(rig.active(STOPPED)).as("stopped, and started again").isEqualTo("active");
        rig.words();

        rig.becomes(STOPPED, "failed");

        assertThat(rig.words()).containsExactly("start stopped.service");
    }

    /** Also by a daemon that begins before it has. */
    @Test
    void
            a_unit_whose_time_was_over_is_started_by_the_next_daemon_if_it_ends_just_after_the_return() {
        Rig rig = both();
        rig.now += FENCE.killAfterMillis();
        rig.renew();
        rig.outcomes.put(STOPPED, Optional.empty());
        rig.becomes(STOPPED, "failed");
        rig.words();

        rig.restart();
        rig.register();

        assertThat(rig.words()).contains("start stopped.service");
    }

    /** Else what crashes again and again would be started again for ever. */
    @Test
    void a_unit_whose_time_was_over_and_that_ends_later_than_that_has_ended_by_itself() {
        Rig rig = both();
        rig.now += FENCE.killAfterMillis();
        rig.renew();
        rig.passInCluster(30_000);
        rig.words();

        rig.becomes(STOPPED, "failed");
        rig.restart();
        rig.register();

        assertThat(rig.words()).doesNotContain("start stopped.service");
    }

    private static void ended(Rig rig, String unit) {
        rig.states.put(unit, state(unit, "inactive"));
    }

    private static UnitState state(String unit, String active) {
        return new UnitState(unit, "loaded", active, active, 0, "success");
    }

    @Test
    void after_a_pause_it_is_listed_anew_before_anything_that_happened_meanwhile_is_heard() {
        Rig rig = both();
        rig.placements.clear();

        rig.now += 20_000;
        rig.tell("new.service", KEEPS, JobState.LAUNCHED, 1);

        assertThat(rig.words())
                .startsWith("list", "stop stopped.service")
                .contains("discard stopped.service", "discard kept.service")
                .doesNotContain("load new.service");
    }

    @Test
    void a_lost_lease_stops_at_once_what_must_not_run_twice_and_kills_within_half_the_grace() {
        Rig rig = both();
        rig.deaf.add(STOPPED);

        rig.lose();
        assertThat(rig.words()).containsExactly("list", "stop stopped.service");
        rig.pass(FENCE.graceMillis() / 2);

        assertThat(rig.words()).contains("kill stopped.service");
        assertThat(rig.active(KEPT)).isEqualTo("active");
    }

    @Test
    void without_a_lease_nothing_is_started_and_what_is_taken_away_is_given_up() {
        Rig rig = both();
        rig.lose();
        rig.words();

        rig.tell("new.service", KEEPS, JobState.LAUNCHED, 1);
        rig.tell(KEPT, KEEPS, JobState.LAUNCHED, 2);
        assertThat(rig.words()).isEmpty();
        rig.untell(KEPT);

        assertThat(rig.words()).startsWith("stop kept.service", "discard kept.service");
    }

    @Test
    void a_listing_from_before_the_registration_is_not_enough() {
        Rig rig = new Rig();
        rig.placements.put(
                KEPT, new Told(new Assignment(Rig.hash(KEEPS), JobState.LAUNCHED, 1), 7));
        rig.storeAnswers = false;
        rig.register();
        rig.words();

        rig.answerListing(rig.revision - 1);
        rig.renew();
        assertThat(rig.words()).containsExactly("list");
        rig.storeAnswers = true;
        rig.answerListing(rig.revision);
        rig.passInCluster(1_000);

        assertThat(rig.words()).contains("start kept.service");
    }

    @Test
    void the_init_is_told_at_each_renewal_how_long_such_units_may_run() {
        Rig rig = both();
        assertThat(rig.guard)
                .isEqualTo(new Action.Guard(Set.of(STOPPED), rig.now + FENCE.killAfterMillis()));

        rig.pass(1_000);
        rig.renew();

        assertThat(rig.guard)
                .isEqualTo(new Action.Guard(Set.of(STOPPED), rig.now + FENCE.killAfterMillis()));
        rig.untell(STOPPED);
        assertThat(rig.guard.units()).isEmpty();
    }

    @Test
    void a_daemon_that_begins_takes_back_what_an_earlier_one_told_the_init_and_counts_no_more() {
        Rig rig = both();
        rig.untell(STOPPED);
        rig.guard = new Action.Guard(Set.of(STOPPED), rig.now);

        rig.restart();
        rig.register();

        assertThat(rig.guard.units()).isEmpty();
    }

    @Test
    void a_daemon_that_begins_without_a_lease_puts_off_no_earlier_guard_and_stops_in_time() {
        Rig rig = both();
        Action.Guard before = rig.guard;
        rig.pass(1_000);

        rig.restart();
        assertThat(rig.guard).isEqualTo(before);
        rig.pass(FENCE.stopAfterMillis());

        assertThat(rig.words())
                .contains("stop stopped.service")
                .doesNotContain("stop kept.service");
    }
}
