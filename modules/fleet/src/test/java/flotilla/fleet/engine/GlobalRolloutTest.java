package flotilla.fleet.engine;

import static flotilla.fleet.engine.GlobalRollingWorld.MACHINES;
import static flotilla.fleet.engine.GlobalRollingWorld.POLICY;
import static flotilla.fleet.engine.GlobalRollingWorld.UNIT;
import static flotilla.fleet.engine.RollingWorld.healthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a new text goes from machine to machine where its unit is on all of them. */
class GlobalRolloutTest {
    private final GlobalRollingWorld set = new GlobalRollingWorld();

    @Test
    void machines_go_one_after_another_once_each_was_healthy_long_enough() {
        set.begins();

        assertThat(set.having(set.fresh, 1)).containsExactly("m1");
        set.world.says("m1", UNIT, healthy(1));
        assertThat(set.having(set.fresh, 2)).containsExactly("m1");
        assertThat(set.world.wakesAt()).as("ten seconds after it was healthy").isEqualTo(12);
        assertThat(set.having(set.fresh, 11)).containsExactly("m1");
        assertThat(set.having(set.fresh, 12)).containsExactly("m1", "m2");
        set.world.says("m2", UNIT, healthy(1));
        set.settle(13);
        assertThat(set.having(set.fresh, 23)).containsExactly(MACHINES);
        set.world.says("m3", UNIT, healthy(1));
        set.settle(24);
        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
        set.settle(34);
        assertThat(set.rollout().phase()).isEqualTo(Phase.DONE);
        assertThat(set.rollout().stage().reason()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "9, 3"})
    void no_more_than_the_policy_says_are_not_healthy_at_once(int parallelism, int renewed) {
        set.runs();
        set.begins(new Policy(parallelism, 10_000, 60_000, true));

        assertThat(set.having(set.fresh, 1)).hasSize(renewed);
        assertThat(set.having(set.fresh, 5)).hasSize(renewed);
    }

    @Test
    void what_fails_goes_back_and_who_never_had_it_is_not_touched() {
        set.begins();
        set.settle(1);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(2);
        set.settle(12);
        Assignment third = set.told("m3");

        set.world.says("m2", UNIT, new Health(Verdict.FAILED, "failed (exit-code)", 1));

        assertThat(set.having(set.old, 13)).as("who is well waits").containsExactly("m2", "m3");
        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDOING);
        set.world.says("m2", UNIT, healthy(1));
        set.settle(14);
        assertThat(set.having(set.old, 24)).containsExactly(MACHINES);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(25);
        set.settle(35);
        assertThat(set.rollout().phase()).isEqualTo(Phase.UNDONE);
        assertThat(set.rollout().stage().reason())
                .isEqualTo("node.service on m2 failed (exit-code)");
        assertThat(set.told("m3")).isEqualTo(third);
        assertThat(set.world.job(UNIT).hash()).isEqualTo(set.old);
        assertThat(set.world.at(36)).as("nothing is left to do").isEmpty();
    }

    @Test
    void without_undo_it_stops_where_it_is_and_stays_so() {
        set.runs();
        set.begins(new Policy(1, 10_000, 60_000, false));
        set.settle(1);

        set.world.says("m1", UNIT, new Health(Verdict.FAILED, "failed (exit-code)", 1));

        assertThat(set.having(set.fresh, 2)).containsExactly("m1");
        assertThat(set.rollout().phase()).isEqualTo(Phase.FAILED);
        long days = Rollout.KEPT.plus(Duration.ofDays(1)).toSeconds();
        assertThat(set.having(set.fresh, days))
                .as("however long nobody decides")
                .containsExactly("m1");
        set.is(Phase.RUNNING);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(days + 1);
        assertThat(set.having(set.fresh, days + 12)).containsExactly("m1", "m2");
    }

    @Test
    void while_it_is_paused_no_machine_gets_a_text_and_all_else_that_is_asked_is_done() {
        set.begins();
        set.settle(1);
        set.is(Phase.PAUSED);
        set.world.says("m1", UNIT, healthy(1));

        assertThat(set.having(set.fresh, 60)).containsExactly("m1");
        set.world.put(new Entry.OfJob(set.world.job(UNIT).with(JobState.LOADED)));
        assertThat(set.having(set.fresh, 61)).containsExactly("m1");
        assertThat(MACHINES)
                .allSatisfy(id -> assertThat(set.told(id).desired()).isEqualTo(JobState.LOADED));
    }

    @Test
    void who_never_had_the_new_text_keeps_nobody_from_going_back() {
        set.begins();
        set.settle(1);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(2);

        set.is(Phase.UNDOING);

        assertThat(set.having(set.old, 3)).containsExactly(MACHINES);
    }

    @Test
    void one_that_is_wanted_nowhere_has_the_text_at_once() {
        set.runs();
        set.world.put(new Entry.OfJob(set.world.job(UNIT).with(JobState.INACTIVE)));
        set.settle(1);
        for (String machine : MACHINES) {
            set.world.acknowledges(machine, UNIT);
        }
        set.settle(2);

        set.begins(POLICY);
        set.settle(3);

        assertThat(set.world.job(UNIT).hash()).isEqualTo(set.fresh);
        assertThat(set.rollout().phase()).isEqualTo(Phase.DONE);
    }

    /** Each machine's copy of each instance counts as one. */
    @Test
    void instances_that_are_global_go_copy_after_copy() {
        RollingWorld rolling = new RollingWorld();
        World world = rolling.world;
        List<String> instances = List.of("node@1.service", "node@2.service");
        world.boots("m1", "m2");
        String old = world.job("node@.service", "Global=true", JobState.INACTIVE).hash();
        instances.forEach(unit -> world.job(unit, "Global=true", JobState.LAUNCHED));
        rolling.settle(0);
        for (String unit : instances) {
            world.says("m1", unit, healthy(1));
            world.says("m2", unit, healthy(1));
        }
        rolling.settle(0);
        String fresh =
                world.job("node@.service", "Global=true\nOnLost=keep", JobState.INACTIVE).hash();
        rolling.begin("node@.service", fresh, Set.of(old), POLICY);
        Map<String, Long> renewed = new TreeMap<>();

        for (long second = 1; second < 60; second += 11) {
            rolling.settle(second);
            for (String unit : instances) {
                for (String machine : List.of("m1", "m2")) {
                    boolean isNew =
                            world.get(new Key.OfPlacement(machine, unit))
                                            instanceof Entry.OfPlacement told
                                    && told.assignment().hash().equals(fresh);
                    String copy = unit + " on " + machine;
                    if (isNew && renewed.putIfAbsent(copy, second) == null) {
                        world.says(machine, unit, healthy(1));
                    }
                }
            }
            rolling.settle(second);
        }

        assertThat(renewed)
                .as("and the second of each")
                .containsExactly(
                        entry("node@1.service on m1", 1L),
                        entry("node@1.service on m2", 12L),
                        entry("node@2.service on m1", 23L),
                        entry("node@2.service on m2", 34L));
        assertThat(rolling.rollout("node@.service").phase()).isEqualTo(Phase.DONE);
    }
}
