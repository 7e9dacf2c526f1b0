package flotilla.fleet.engine;

import static flotilla.fleet.engine.GlobalRollingWorld.MACHINES;
import static flotilla.fleet.engine.GlobalRollingWorld.POLICY;
import static flotilla.fleet.engine.GlobalRollingWorld.UNIT;
import static flotilla.fleet.engine.RollingWorld.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Turn;
import org.junit.jupiter.api.Test;

/** What comes between while a new text goes from machine to machine. */
class GlobalRolloutTroubleTest {
    private final GlobalRollingWorld set = new GlobalRollingWorld();

    @Test
    void a_restart_meanwhile_goes_through_all_machines_each_with_the_text_that_it_has() {
        set.begins();
        set.settle(1);
        set.is(Phase.PAUSED);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(2);
        Job again = set.world.job(UNIT).again(new Turn("w", 0));

        set.world.put(new Entry.OfJob(again));
        for (String machine : MACHINES) {
            set.settle(3);
            assertThat(set.told(machine).generation()).isEqualTo(again.generation());
            set.world.says(machine, UNIT, healthy(1));
        }

        assertThat(set.having(set.old, 4)).containsExactly("m2", "m3");
    }

    @Test
    void a_machine_that_comes_meanwhile_has_the_new_text_and_is_waited_for() {
        set.begins();
        set.settle(1);
        set.world.says("m1", UNIT, healthy(1));

        set.world.boots("m0");
        set.settle(2);

        assertThat(set.told("m0").hash()).isEqualTo(set.fresh);
        assertThat(set.having(set.fresh, 12)).containsExactly("m1");
        set.world.says("m0", UNIT, healthy(1));
        set.settle(13);
        assertThat(set.having(set.fresh, 23)).containsExactly("m1", "m2");
    }

    @Test
    void a_machine_that_goes_is_not_waited_for() {
        set.begins();
        set.settle(1);

        set.world.leaves("m1", true);

        assertThat(set.having(set.fresh, 2)).containsExactly("m2");
    }

    @Test
    void a_machine_that_dies_with_the_new_text_is_waited_for_until_it_is_released() {
        set.runs();
        set.begins("OnLost=stop", POLICY);
        set.settle(1);
        set.world.dies("m1", "m2", "m3");

        set.settle(2);

        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void a_text_of_which_machines_die_goes_no_further() {
        set.begins();
        set.settle(1);
        set.world.dies("m1");
        set.settle(20);
        assertThat(set.rollout().phase()).as("one is an accident").isEqualTo(Phase.RUNNING);
        assertThat(set.having(set.fresh, 20)).containsExactly("m2");

        set.world.dies("m2");

        assertThat(set.having(set.old, 40)).containsExactly("m3");
        assertThat(set.rollout().stage().reason())
                .startsWith("node.service: 2 machines died within 2 minutes of being given it");
    }

    @Test
    void a_text_that_somebody_gives_it_meanwhile_goes_to_all_machines_at_once() {
        set.begins();
        set.settle(1);

        set.world.put(new Entry.OfJob(set.world.job(UNIT).with(set.other(), JobState.LAUNCHED)));

        assertThat(set.having(set.other(), 2)).containsExactly(MACHINES);
        assertThat(set.rollout().phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void one_that_takes_the_place_of_another_goes_on_from_what_each_machine_has() {
        set.begins();
        set.settle(1);
        set.world.says("m1", UNIT, healthy(1));
        String second = set.fresh;

        set.begins("OnLost=stop", POLICY);
        set.fresh = set.rollout().hash();

        assertThat(set.having(set.fresh, 2)).containsExactly("m1");
        assertThat(set.having(second, 2)).isEmpty();
        assertThat(set.having(set.old, 2)).containsExactly("m2", "m3");
    }

    @Test
    void another_engine_goes_on_where_it_was() {
        set.begins();
        set.settle(1);
        set.world.says("m1", UNIT, healthy(1));
        set.settle(2);

        set.world.anotherEngine();

        assertThat(set.having(set.fresh, 8)).containsExactly("m1");
        assertThat(set.having(set.fresh, 18)).containsExactly("m1", "m2");
    }

    @Test
    void what_the_old_text_must_not_be_beside_waits_until_it_has_gone() {
        set.world.boots(MACHINES);
        set.old =
                set.world.job(UNIT, "Global=true\nConflicts=shy.service", JobState.LAUNCHED).hash();
        set.settle(0);
        set.all(healthy(1));
        set.begins(POLICY);
        set.settle(1);
        set.is(Phase.PAUSED);
        set.world.says("m1", UNIT, healthy(1));

        set.world.job("shy.service", "MachineID=m2", JobState.LAUNCHED);
        set.settle(2);
        assertThat(set.world.owner("shy.service")).isEmpty();
        set.is(Phase.RUNNING);
        set.settle(3);
        set.settle(13);
        assertThat(set.world.owner("shy.service")).as("m2 has not said yet").isEmpty();
        set.world.says("m2", UNIT, healthy(1));
        set.settle(14);

        assertThat(set.world.owner("shy.service")).contains("m2");
    }

    @Test
    void the_new_text_waits_until_what_it_must_not_be_beside_has_gone() {
        set.runs();
        set.world.job("x.service", "MachineID=m1", JobState.LAUNCHED);
        set.settle(1);
        set.world.put(new Entry.OfJob(set.world.job("x.service").with(JobState.INACTIVE)));
        set.begins("Conflicts=x.service", POLICY);
        set.fresh = set.rollout().hash();

        assertThat(set.having(set.fresh, 2)).isEmpty();
        set.world.acknowledges("m1", "x.service");

        assertThat(set.having(set.fresh, 3)).containsExactly("m1");
    }

    @Test
    void what_nobody_remembers_keeps_no_machine_and_what_can_not_be_read_keeps_all() {
        set.begins();
        set.settle(1);
        Key key = new Key.OfRollout(UNIT);

        set.world.put(new Entry.Unreadable(key));
        assertThat(set.having(set.fresh, 2)).containsExactly("m1");
        set.world.remove(key);

        assertThat(set.having(set.fresh, 3)).containsExactly(MACHINES);
    }

    @Test
    void one_on_a_machine_that_can_not_be_read_is_left_and_holds_the_end() {
        set.begins();
        set.world.put(new Entry.Unreadable(new Key.OfMachine("m3")));
        for (int second = 1; second < 60; second++) {
            set.settle(second);
            set.world.says("m1", UNIT, healthy(1));
            set.world.says("m2", UNIT, healthy(1));
        }

        assertThat(set.having(set.fresh, 60)).containsExactly("m1", "m2");
        assertThat(set.rollout().phase()).isEqualTo(Phase.RUNNING);
    }
}
