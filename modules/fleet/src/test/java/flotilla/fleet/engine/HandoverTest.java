package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a unit goes from machine to machine without two owners, told as stories: {@link World}. */
class HandoverTest {
    private static final String FITS = "the one machine that fits";

    private final World world = new World();

    @BeforeEach
    void two_machines() {
        world.boots("m1", "m2");
    }

    private void runs(String option) {
        world.job("a.service", option, JobState.LAUNCHED);
        assertThat(world.at(0)).containsExactly("place a.service on m1 (best of 2)");
        world.acknowledges("m1", "a.service");
        world.at(1);
    }

    private void drain(String machine) {
        world.put(new Entry.OfEligibility(machine, Eligibility.DRAINING));
    }

    private boolean isTold(String machine) {
        return world.has(new Key.OfPlacement(machine, "a.service"));
    }

    @Test
    void a_unit_stops_on_the_one_machine_before_the_other_hears_of_it() {
        runs("");
        drain("m1");

        assertThat(world.at(2))
                .containsExactly(
                        "withdraw a.service from m1 (goes to m2: its machine is drained; "
                                + FITS
                                + ")");
        assertThat(world.at(100)).as("until the machine has said so").isEmpty();
        assertThat(world.owner("a.service")).contains("m1");
        assertThat(isTold("m2")).isFalse();
        world.acknowledges("m1", "a.service");

        assertThat(world.at(101))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is drained; " + FITS + ")");
        assertThat(world.owner("a.service")).contains("m2");
        assertThat(isTold("m1")).isFalse();
        assertThat(world.has(new Key.OfAcknowledgement("m1", "a.service"))).isFalse();
        assertThat(world.at(102)).isEmpty();
    }

    @Test
    void what_a_machine_said_of_an_earlier_word_does_not_count() {
        runs("");
        drain("m1");
        world.at(2);
        world.acknowledges("m1", "a.service");
        // Before the engine hears of it the machine is told anew, and its word is of before.
        Entry told = world.get(new Key.OfPlacement("m1", "a.service"));
        world.put(told);

        assertThat(world.at(3)).isEmpty();
        world.acknowledges("m1", "a.service");
        assertThat(world.at(4)).hasSize(1).first().asString().startsWith("move a.service");
    }

    @Test
    void only_the_word_that_a_withdrawn_unit_is_released_counts() {
        runs("");
        drain("m1");
        world.at(2);
        world.says("m1", "a.service", false);
        assertThat(world.at(3)).as("stopped, but not released").isEmpty();

        world.remove(new Key.OfEligibility("m1"));
        world.at(4);
        world.says("m1", "a.service", true);
        drain("m1");
        assertThat(world.at(5))
                .as("released, but it was never told to")
                .hasSize(1)
                .first()
                .asString()
                .startsWith("withdraw a.service from m1");
    }

    @Test
    void a_unit_that_may_stay_after_all_is_taken_back_in_the_middle() {
        runs("");
        drain("m1");
        world.at(2);
        world.remove(new Key.OfEligibility("m1"));

        assertThat(world.at(3)).containsExactly("update a.service on m1 (wanted launched)");
        assertThat(world.at(4)).isEmpty();
    }

    @Test
    void start_first_has_both_hear_of_it_and_collects_the_old_copy_once_it_has_stopped() {
        runs("Handover=start-first");
        drain("m1");

        assertThat(world.at(2))
                .containsExactly(
                        "start a.service on m2 before m1 stops it (its machine is drained; "
                                + FITS
                                + ")");
        assertThat(world.owner("a.service")).contains("m2");
        world.acknowledges("m2", "a.service");
        assertThat(world.at(3)).isEmpty();
        assertThat(isTold("m1")).isTrue();
        world.acknowledges("m1", "a.service");

        assertThat(world.at(4))
                .containsExactly("release a.service from m1 (its machine is drained)");
        assertThat(world.owner("a.service")).contains("m2");
    }

    @ParameterizedTest
    @CsvSource({"OnLost=keep, 10", "OnLost=stop, 15", "Conflicts=b*, 15"})
    void a_unit_of_a_lost_machine_moves_at_once_or_after_the_fence(String option, long second) {
        runs(option);
        world.at(10);
        world.dies("m1");

        for (long before = 10; before < second; before++) {
            assertThat(world.at(before)).as("at %d s", before).isEmpty();
        }
        assertThat(world.at(second))
                .as("counted against it, since it was told of it so lately")
                .hasSize(2)
                .first()
                .asString()
                .startsWith("strike 1 against a.service on m1");
        assertThat(world.owner("a.service")).contains("m2");
    }

    @ParameterizedTest
    @CsvSource({"true, 10", "false, 15"})
    void a_machine_that_said_that_all_has_stopped_is_not_waited_for(boolean said, long second) {
        runs("OnLost=stop");
        world.at(10);
        world.leaves("m1", said);

        for (long before = 10; before < second; before++) {
            assertThat(world.at(before)).as("at %d s", before).isEmpty();
        }
        assertThat(world.at(second))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; " + FITS + ")");
    }

    @Test
    void the_engine_asks_to_be_woken_when_the_fence_ends() {
        runs("OnLost=stop");
        world.at(1_000);
        world.dies("m1");

        world.at(1_001);

        assertThat(world.wakesAt()).isEqualTo(1_006);
        assertThat(world.at(1_006))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; " + FITS + ")");
    }

    @Test
    void another_engine_counts_the_fence_from_its_first_listing() {
        runs("OnLost=stop");
        world.dies("m1");
        world.at(1_000);
        world.anotherEngine();

        assertThat(world.at(1_003)).isEmpty();
        assertThat(world.at(1_007)).isEmpty();
        assertThat(world.at(1_008)).hasSize(1);
    }

    @Test
    void a_machine_of_which_nobody_knows_the_fence_is_waited_for_longer() {
        runs("OnLost=stop");
        world.dies("m1");
        world.remove(new Key.OfSighting("m1"));
        world.anotherEngine();

        assertThat(world.at(1_000)).isEmpty();
        assertThat(world.at(1_059)).isEmpty();
        assertThat(world.at(1_060)).hasSize(1);
    }

    @Test
    void a_machine_that_is_back_before_its_fence_ends_keeps_its_unit() {
        runs("OnLost=stop");
        world.at(10);
        world.dies("m1");
        world.at(11);
        world.boots("m1");
        assertThat(world.at(12)).isEmpty();

        world.dies("m1");

        assertThat(world.at(16)).as("a fence begins anew").isEmpty();
        assertThat(world.at(20)).isEmpty();
        assertThat(world.at(21)).isNotEmpty();
    }

    @Test
    void a_machine_that_may_have_been_back_unheard_of_is_fenced_anew() {
        runs("OnLost=stop");
        world.dies("m1");
        world.at(1_000);
        world.boots("m1");
        world.dies("m1");
        world.losesThread();

        assertThat(world.at(1_003)).isEmpty();
        assertThat(world.at(1_007)).isEmpty();
        assertThat(world.at(1_008)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_belongs_to_a_unit_goes_after_its_stop(boolean destroyed) {
        runs("");
        if (destroyed) {
            world.remove(new Key.OfJob("a.service"));
        } else {
            world.job("a.service", "", JobState.INACTIVE);
        }
        String why = destroyed ? "destroyed" : "wanted inactive";

        assertThat(world.at(2)).containsExactly("withdraw a.service from m1 (" + why + ")");
        assertThat(world.at(100)).isEmpty();
        assertThat(world.owner("a.service")).contains("m1");
        world.acknowledges("m1", "a.service");

        assertThat(world.at(101)).containsExactly("release a.service from m1 (" + why + ")");
        assertThat(world.owner("a.service")).isEmpty();
        assertThat(isTold("m1")).isFalse();
    }

    @Test
    void a_destroyed_unit_of_a_lost_machine_goes_after_the_fence() {
        runs("OnLost=keep");
        world.remove(new Key.OfJob("a.service"));
        world.at(2);
        world.dies("m1");

        assertThat(world.at(6)).isEmpty();
        assertThat(world.at(11)).containsExactly("release a.service from m1 (destroyed)");
    }

    @Test
    void a_unit_that_is_wanted_again_while_it_stops_comes_nowhere_else_before() {
        runs("");
        world.remove(new Key.OfJob("a.service"));
        world.at(2);
        drain("m1");
        world.job("a.service", "", JobState.LAUNCHED);

        assertThat(world.at(3)).isEmpty();
        world.acknowledges("m1", "a.service");
        assertThat(world.at(4)).hasSize(1).first().asString().startsWith("move a.service from m1");
    }

    @Test
    void a_unit_without_owner_waits_for_what_is_left_of_it_elsewhere() {
        runs("");
        world.remove(new Key.OfOwner("a.service"));
        drain("m1");

        assertThat(world.at(2))
                .containsExactly("withdraw a.service from m1 (its machine is drained)");
        assertThat(world.at(3)).isEmpty();
        world.acknowledges("m1", "a.service");
        assertThat(world.at(4))
                .containsExactly(
                        "release a.service from m1 (its machine is drained)",
                        "place a.service on m2 (" + FITS + ")");
    }

    @Test
    void a_unit_that_replaces_another_comes_when_that_one_has_left() {
        world.put(new Entry.OfMetadata("m1", "at", Optional.of("m1")));
        runs("");
        world.job("b.service", "Replaces=a.service\nMachineMetadata=at=m1", JobState.LAUNCHED);

        assertThat(world.at(2))
                .containsExactly(
                        "withdraw a.service from m1 (goes to m2: replaced by b.service; "
                                + FITS
                                + ")");
        assertThat(world.at(3)).isEmpty();
        world.acknowledges("m1", "a.service");

        assertThat(world.at(4))
                .containsExactly(
                        "move a.service from m1 to m2 (replaced by b.service; " + FITS + ")",
                        "place b.service on m1 (" + FITS + ")");
    }

    @ParameterizedTest
    @CsvSource({"Conflicts=b*, '', true", "'', Conflicts=a*, true", "'', '', false"})
    void a_unit_comes_when_what_it_conflicts_with_has_left(
            String one, String other, boolean waits) {
        world.put(new Entry.OfMetadata("m1", "at", Optional.of("m1")));
        runs(one);
        world.job("a.service", one, JobState.INACTIVE);
        world.job("b.service", other + "\nMachineMetadata=at=m1", JobState.LAUNCHED);
        String withdrawn = "withdraw a.service from m1 (wanted inactive)";
        String placed = "place b.service on m1 (" + FITS + ")";

        if (waits) {
            assertThat(world.at(2)).containsExactly(withdrawn);
            assertThat(world.at(3)).isEmpty();
            world.acknowledges("m1", "a.service");
            assertThat(world.at(4)).contains(placed);
        } else {
            assertThat(world.at(2)).containsExactly(withdrawn, placed);
        }
    }

    @Test
    void only_so_many_units_are_on_their_way_at_once() {
        for (int i = 0; i < 100; i++) {
            world.job("u%02d.service".formatted(i), "MachineMetadata=x=y", JobState.LAUNCHED);
        }
        world.put(new Entry.OfMetadata("m1", "x", Optional.of("y")));
        world.at(0);
        world.put(new Entry.OfMetadata("m2", "x", Optional.of("y")));
        drain("m1");

        List<String> first = world.at(1);

        assertThat(first).hasSize(64).allMatch(words -> words.startsWith("withdraw u"));
        for (int i = 0; i < 10; i++) {
            world.acknowledges("m1", "u%02d.service".formatted(i));
        }
        List<String> next = world.at(2);
        assertThat(next.stream().filter(words -> words.startsWith("move u"))).hasSize(10);
        assertThat(next.stream().filter(words -> words.startsWith("withdraw u"))).hasSize(10);
    }

    @Test
    void units_that_have_nowhere_to_go_leave_no_faster() {
        world.put(new Entry.OfMetadata("m1", "x", Optional.of("y")));
        for (int i = 0; i < 100; i++) {
            world.job("u%02d.service".formatted(i), "MachineMetadata=x=y", JobState.LAUNCHED);
        }
        world.at(0);

        world.remove(new Key.OfMetadata("m1", "x"));

        assertThat(world.at(1)).hasSize(64).allMatch(words -> words.endsWith("machine fits)"));
    }

    @Test
    void neither_a_loss_nor_what_somebody_asks_for_is_limited() {
        List<String> units = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            units.add("u%03d.service".formatted(i));
        }
        units.forEach(unit -> world.job(unit, "", JobState.LAUNCHED));
        world.at(0);
        units.forEach(unit -> world.job(unit, "", JobState.INACTIVE));
        assertThat(world.at(1)).hasSize(200);
        units.forEach(unit -> world.job(unit, "", JobState.LAUNCHED));
        assertThat(world.at(2)).hasSize(200);

        world.dies("m1");

        assertThat(world.at(1_000)).hasSize(100).allMatch(words -> words.startsWith("move u"));
    }
}
