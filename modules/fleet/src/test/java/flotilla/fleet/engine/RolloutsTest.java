package flotilla.fleet.engine;

import static flotilla.fleet.engine.RollingWorld.NEW;
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
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a new text goes from instance to instance. */
class RolloutsTest {
    private final RollingWorld set = new RollingWorld();

    @Test
    void instances_go_one_after_another_by_their_numbers_once_each_was_healthy_long_enough() {
        set.begin();

        assertThat(set.renewed(1)).containsExactly(1);
        set.says(1, Verdict.HEALTHY);
        assertThat(set.renewed(2)).containsExactly(1);
        assertThat(set.world.wakesAt()).as("ten seconds after it was healthy").isEqualTo(12);
        assertThat(set.renewed(11)).containsExactly(1);
        assertThat(set.renewed(12)).as("2 before 10").containsExactly(1, 2);
        set.says(2, Verdict.HEALTHY);
        set.settle(13);
        assertThat(set.renewed(23)).containsExactly(1, 2, 10);
        set.says(10, Verdict.HEALTHY);
        set.settle(24);
        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
        set.settle(34);
        assertThat(set.rollout().phase()).isEqualTo(Phase.DONE);
        assertThat(set.rollout().stage().reason()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "9, 3"})
    void no_more_than_the_policy_says_are_not_healthy_at_once(int parallelism, int renewed) {
        set.runOld();
        set.begin(new Policy(parallelism, 10_000, 60_000, true));

        assertThat(set.renewed(1)).hasSize(renewed);
        assertThat(set.renewed(5)).hasSize(renewed);
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN, RUNNING", "UNHEALTHY, RUNNING", "FAILED, UNDOING"})
    void while_one_is_not_healthy_the_next_one_waits(Verdict verdict, Phase phase) {
        set.begin();
        set.settle(1);

        set.says(1, verdict);
        set.settle(2);

        assertThat(set.rollout().phase()).isEqualTo(phase);
        assertThat(set.hash(api(2))).isNotEqualTo(set.rollout().hash());
    }

    @Test
    void a_break_in_between_begins_the_time_anew_also_one_that_nobody_heard_of() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);

        set.says(1, Verdict.UNHEALTHY);
        set.settle(8);
        set.says(1, healthy(3));
        set.settle(9);
        assertThat(set.renewed(12)).containsExactly(1);
        set.says(1, healthy(5));
        set.settle(15);

        assertThat(set.renewed(19)).containsExactly(1);
        assertThat(set.renewed(25)).containsExactly(1, 2);
    }

    @Test
    void what_is_heard_together_counts_one_by_one() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);

        set.says(1, Verdict.UNHEALTHY);
        set.says(1, healthy(1));
        set.settle(11);

        assertThat(set.renewed(12)).containsExactly(1);
        assertThat(set.renewed(21)).containsExactly(1, 2);
    }

    @Test
    void one_that_was_well_for_long_has_the_whole_time_to_recover() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        set.settle(12);
        set.settle(59);

        set.says(1, Verdict.UNHEALTHY);
        set.settle(60);
        set.settle(65);

        assertThat(set.rollout().phase()).as("2 has time until 72").isEqualTo(Phase.RUNNING);
    }

    @Test
    void a_unit_that_is_not_to_run_gets_the_text_and_takes_nobodys_place() {
        set.runOld();
        set.world.put(new Entry.OfJob(set.world.job(api(1)).with(JobState.INACTIVE)));
        set.settle(0);
        set.begin(POLICY);

        assertThat(set.renewed(1)).containsExactly(1, 2);
        assertThat(set.world.job(api(1)).desired()).isEqualTo(JobState.INACTIVE);
    }

    @Test
    void a_unit_that_is_only_loaded_counts_once_its_machine_has_it() {
        set.runOld();
        set.world.put(new Entry.OfJob(set.world.job(api(1)).with(JobState.LOADED)));
        set.settle(0);
        set.begin(POLICY);
        set.settle(1);

        set.says(1, Health.UNKNOWN);
        set.settle(2);

        assertThat(set.renewed(12)).containsExactly(1, 2);
    }

    @Test
    void a_template_without_instances_is_done_at_once() {
        set.world.job(SET, NEW, JobState.INACTIVE);
        set.begin(SET, set.hash(SET), Set.of(), POLICY);

        set.settle(1);

        assertThat(set.rollout().phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void a_machine_that_dies_under_way_lets_its_unit_come_up_elsewhere_in_time() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        String machine = set.world.owner(api(1)).orElseThrow();

        set.world.dies(machine);
        set.settle(5);
        set.settle(12);
        assertThat(set.world.owner(api(1))).isNotEqualTo(Optional.of(machine));
        assertThat(set.hash(api(2))).as("it is not healthy now").isNotEqualTo(set.rollout().hash());
        set.says(1, healthy(1));
        set.settle(13);

        set.settle(23);
        assertThat(set.hash(api(2))).isEqualTo(set.rollout().hash());
    }

    @Test
    void a_broken_unit_with_an_old_text_keeps_its_repair_from_nobody() {
        set.runOld();
        set.says(2, Verdict.FAILED);
        set.settle(0);

        set.begin(POLICY);

        assertThat(set.renewed(1)).containsExactly(1);
        set.says(1, healthy(1));
        set.settle(2);
        assertThat(set.renewed(12)).containsExactly(1, 2);
    }

    @Test
    void another_engine_goes_on_and_counts_anew() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);

        set.world.anotherEngine();
        set.settle(8);

        assertThat(set.renewed(12)).containsExactly(1);
        assertThat(set.renewed(18)).containsExactly(1, 2);
    }

    @Test
    void when_the_thread_of_changes_broke_a_unit_may_have_failed_meanwhile_and_counts_anew() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);

        set.world.losesThread();
        set.settle(8);

        assertThat(set.renewed(12)).containsExactly(1);
        assertThat(set.renewed(18)).containsExactly(1, 2);
    }

    @Test
    void one_that_can_not_be_read_is_left_alone_and_nothing_is_collected() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));

        set.world.put(new Entry.Unreadable(new Key.OfRollout(SET)));
        set.settle(2);
        set.settle(60);

        assertThat(set.hash(api(2))).isNotEqualTo(set.hash(api(1)));
        assertThat(set.world.has(new Key.OfText(set.hash(api(1))))).isTrue();
        assertThat(set.world.has(new Key.OfText(set.hash(api(2))))).isTrue();
    }

    /** Seed 9724 of the simulated fleets. */
    @Test
    void a_unit_that_was_given_the_text_and_can_not_be_read_keeps_its_place() {
        set.begin();
        set.settle(1);

        set.world.put(new Entry.Unreadable(new Key.OfOwner(api(1))));

        assertThat(set.renewed(30)).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, RUNNING", "UNDOING, UNDOING"})
    void a_unit_of_which_can_not_be_read_what_is_wanted_holds_the_end(Phase phase, Phase stays) {
        set.world.boots("m1");
        set.world.job("db.service", OTHER, JobState.LAUNCHED);
        set.settle(0);
        set.begin("db.service", "new", Set.of(set.hash("db.service")), POLICY);
        set.is("db.service", phase);

        set.world.put(new Entry.Unreadable(new Key.OfJob("db.service")));
        set.settle(1);

        assertThat(set.rollout("db.service").phase()).isEqualTo(stays);
    }

    @Test
    void
            a_unit_of_which_can_not_be_read_what_its_machine_is_told_is_not_touched_and_holds_the_end() {
        set.begin();
        set.settle(1);
        set.says(1, healthy(1));
        set.settle(2);
        String machine = set.world.owner(api(2)).orElseThrow();
        String old = set.hash(api(2));

        set.world.put(new Entry.Unreadable(new Key.OfPlacement(machine, api(2))));
        set.settle(11);
        set.settle(12);
        set.says(10, healthy(1));
        set.settle(13);
        set.settle(23);

        assertThat(set.hash(api(2))).isEqualTo(old);
        assertThat(set.hash(api(10))).isEqualTo(set.rollout().hash());
        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
    }
}
