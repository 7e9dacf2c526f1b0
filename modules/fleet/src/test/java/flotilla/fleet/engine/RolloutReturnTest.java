package flotilla.fleet.engine;

import static flotilla.fleet.engine.RollingWorld.NEW;
import static flotilla.fleet.engine.RollingWorld.OLD;
import static flotilla.fleet.engine.RollingWorld.OTHER;
import static flotilla.fleet.engine.RollingWorld.POLICY;
import static flotilla.fleet.engine.RollingWorld.SET;
import static flotilla.fleet.engine.RollingWorld.api;
import static flotilla.fleet.engine.RollingWorld.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a new text is taken back, and what comes in between. */
class RolloutReturnTest {
    private final RollingWorld set = new RollingWorld();

    @Test
    void one_that_fails_sends_all_back_to_their_old_texts_and_the_template_too() {
        set.begin();
        String old = set.hash(api(10));
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        set.settle(12);

        set.says(2, new Health(Verdict.FAILED, "failed (exit-code)", 1));
        set.settle(13);

        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDOING);
        assertThat(set.rollout().stage().reason()).isEqualTo("api@2.service failed (exit-code)");
        assertThat(set.hash(SET)).isEqualTo(old);
        assertThat(set.hash(api(2))).as("it is not healthy, and goes at once").isEqualTo(old);
        assertThat(set.hash(api(1))).as("healthy: at its turn").isNotEqualTo(old);
        set.says(2, healthy(1));
        set.settle(14);
        set.settle(24);
        assertThat(set.hash(api(1))).isEqualTo(old);
        set.says(1, healthy(1));
        set.settle(25);
        set.settle(35);
        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDONE);
        assertThat(set.rollout().stage().reason()).isEqualTo("api@2.service failed (exit-code)");
    }

    @Test
    void one_that_takes_too_long_sends_all_back() {
        set.begin();
        set.settle(1);
        set.says(1, Verdict.UNHEALTHY);

        set.settle(60);
        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
        assertThat(set.world.wakesAt()).isEqualTo(61);
        set.settle(61);

        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDOING);
        assertThat(set.rollout().stage().reason())
                .isEqualTo("api@1.service has not become healthy within 60 s: by its check");
    }

    @Test
    void one_that_comes_and_goes_is_not_waited_for_for_ever() {
        set.begin();
        for (int second = 1; second < 61; second++) {
            set.settle(second);
            set.says(1, second % 2 == 0 ? Verdict.UNHEALTHY : Verdict.HEALTHY);
        }

        set.settle(62);

        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDOING);
    }

    @Test
    void without_an_automatic_return_it_stops_where_it_is() {
        set.runOld();
        set.begin(new Policy(1, 10_000, 60_000, false));
        set.settle(1);
        set.says(1, Verdict.FAILED);

        assertThat(set.renewed(2)).containsExactly(1);
        assertThat(set.rollout().phase()).isEqualTo(Phase.FAILED);
        assertThat(set.renewed(99)).containsExactly(1);
    }

    @Test
    void
            on_the_way_back_one_that_does_not_come_up_keeps_nobody_back_for_longer_than_the_deadline() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        set.settle(12);
        set.says(2, healthy(1));
        set.settle(13);
        set.settle(23);
        set.says(10, Verdict.FAILED);
        set.settle(24);
        set.says(10, Verdict.UNHEALTHY);
        assertThat(set.renewed(25)).as("10 is back, and is waited for").containsExactly(1, 2);

        assertThat(set.renewed(85)).as("too late: nobody waits any more").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"FAILED", "HEALTHY"})
    void on_the_way_back_one_that_fails_with_its_old_text_is_not_waited_for(Verdict verdict) {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        set.settle(12);
        set.says(2, Verdict.FAILED);
        set.settle(13);

        set.says(2, verdict);

        assertThat(set.renewed(14)).isEqualTo(verdict == Verdict.FAILED ? Set.of() : Set.of(1));
    }

    @Test
    void a_paused_one_gives_out_nothing_and_judges_nothing_until_it_goes_on() {
        set.begin();
        set.settle(1);
        set.is(Phase.PAUSED);
        set.says(1, healthy(1));
        assertThat(set.renewed(50)).containsExactly(1);
        set.says(1, Verdict.UNHEALTHY);
        assertThat(set.renewed(500)).containsExactly(1);

        set.is(Phase.RUNNING);
        set.settle(501);
        assertThat(set.rollout().phase())
                .as("the time that it may take begins anew")
                .isEqualTo(Phase.RUNNING);
        set.says(1, healthy(3));
        set.settle(502);

        assertThat(set.renewed(512)).containsExactly(1, 2);
    }

    @Test
    void while_it_is_paused_no_time_runs_out() {
        set.begin();
        set.settle(1);
        set.is(Phase.PAUSED);
        set.settle(2);

        set.settle(500);
        set.is(Phase.RUNNING);
        set.settle(501);
        set.settle(502);

        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
        set.settle(562);
        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDOING);
    }

    @Test
    void what_is_done_can_be_undone_one_after_another() {
        set.begin();
        for (int second = 1; set.rollout().phase() != Phase.DONE && second < 200; second++) {
            set.settle(second);
            for (int i : new int[] {1, 2, 10}) {
                set.says(i, Verdict.HEALTHY);
            }
        }
        assertThat(set.renewed(200)).hasSize(3);

        set.is(Phase.UNDOING);

        assertThat(set.renewed(201)).containsExactly(2, 10);
        set.says(1, healthy(1));
        set.settle(202);
        assertThat(set.renewed(211)).containsExactly(2, 10);
        assertThat(set.renewed(212)).containsExactly(10);
    }

    @Test
    void a_unit_that_somebody_gave_another_text_is_left_alone_also_on_the_way_back() {
        set.begin();
        set.settle(1);
        set.world.job(api(1), OTHER, JobState.LAUNCHED);
        set.world.job(api(2), OTHER, JobState.LAUNCHED);
        String other = set.hash(api(1));

        assertThat(set.renewed(2)).containsExactly(10);
        set.says(10, Verdict.FAILED);
        set.settle(3);
        set.settle(90);

        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDONE);
        assertThat(set.hash(api(1))).isEqualTo(other);
        assertThat(set.hash(api(2))).isEqualTo(other);
    }

    @Test
    void a_template_that_somebody_gave_another_text_ends_the_rollout_and_nothing_goes_back() {
        set.begin();
        set.settle(1);

        set.world.job(SET, OTHER, JobState.INACTIVE);

        assertThat(set.renewed(2)).containsExactly(1);
        assertThat(set.rollout().phase()).isEqualTo(Phase.FAILED);
        assertThat(set.rollout().stage().reason())
                .isEqualTo("api@.service was given another text meanwhile");
    }

    @Test
    void a_unit_that_is_destroyed_or_stopped_is_not_waited_for() {
        set.begin();
        set.settle(1);
        set.world.remove(new Key.OfJob(api(1)));
        assertThat(set.renewed(2)).containsExactly(2);

        set.world.put(new Entry.OfJob(set.world.job(api(2)).with(JobState.INACTIVE)));

        assertThat(set.renewed(3)).containsExactly(2, 10);
    }

    @Test
    void when_all_are_destroyed_it_has_failed_and_says_why() {
        set.begin();
        set.settle(1);
        for (int i : new int[] {1, 2, 10}) {
            set.world.remove(new Key.OfJob(api(i)));
        }

        set.settle(2);

        assertThat(set.rollout().phase()).isEqualTo(Phase.FAILED);
        assertThat(set.rollout().stage().reason()).isEqualTo("no unit of it is there any more");
    }

    @Test
    void a_unit_that_comes_to_no_machine_fails_the_rollout_and_is_not_waited_for_on_the_way_back() {
        set.begin();
        set.settle(1);
        set.world.dies("m1", "m2", "m3");
        set.settle(2);
        set.settle(10);

        set.settle(70);

        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDONE);
        assertThat(set.rollout().stage().reason()).contains("it is on no machine");
        assertThat(set.renewed(71)).isEmpty();
    }

    @Test
    void the_old_texts_are_kept_for_as_long_as_it_can_be_undone() {
        set.begin();
        String old = set.hash(api(10));
        for (int second = 1; set.rollout().phase() != Phase.DONE && second < 200; second++) {
            set.settle(second);
            for (int i : new int[] {1, 2, 10}) {
                set.says(i, Verdict.HEALTHY);
            }
        }
        long done = (set.rollout().stage().sinceMillis() - World.BEGUN) / 1000;
        long over = done + Rollout.KEPT.toSeconds();

        set.settle(over - 1);
        assertThat(set.world.has(new Key.OfText(old))).isTrue();
        set.settle(over);
        set.settle(over + 1);

        assertThat(set.world.has(new Key.OfRollout(SET))).isFalse();
        assertThat(set.world.has(new Key.OfText(old))).isFalse();
        assertThat(set.hash(api(1))).as("nothing else follows").isEqualTo(set.hash(SET));
    }

    @Test
    void one_unit_is_a_set_of_its_own() {
        set.world.boots("m1");
        set.world.job("db.service", OLD, JobState.LAUNCHED);
        set.settle(0);
        String old = set.hash("db.service");
        set.world.job("new.service", NEW, JobState.INACTIVE);
        String fresh = set.hash("new.service");
        set.begin("db.service", fresh, Set.of(old), POLICY);

        set.settle(1);
        assertThat(set.hash("db.service")).isEqualTo(fresh);
        set.world.says("m1", "db.service", new Health(Verdict.FAILED, "", 1));
        set.settle(2);

        assertThat(set.hash("db.service")).isEqualTo(old);
    }

    @Test
    void what_was_decided_is_void_once_somebody_has_paused_it_or_changed_the_unit() {
        Job next = new Job("api@1.service", "old", JobState.LAUNCHED).rolledTo("new");
        Decision.Retext retext =
                new Decision.Retext(next, 7, new Decision.Course(SET, 9), "its turn");

        Transaction transaction = Transaction.of(retext, 0);

        assertThat(transaction.conditions())
                .containsExactlyInAnyOrder(
                        new Transaction.Condition.Unchanged(new Key.OfJob("api@1.service"), 7),
                        new Transaction.Condition.Unchanged(new Key.OfRollout(SET), 9),
                        new Transaction.Condition.Exists(new Key.OfText("new")));
        assertThat(transaction.puts()).isEqualTo(List.of(new Entry.OfJob(next)));
        assertThat(next.previous()).contains("old");
        assertThat(next.generation()).isEqualTo(2);
    }
}
