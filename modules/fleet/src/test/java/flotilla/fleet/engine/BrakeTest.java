package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Strikes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit that ends its machines, told as a story: see {@link World}. */
class BrakeTest {
    private final World world = new World();

    @Test
    void a_unit_that_ends_each_of_its_machines_is_braked_and_then_held() {
        world.boots("m1", "m2", "m3");
        world.job("killer.service", "", JobState.LAUNCHED);
        assertThat(world.at(0)).containsExactly("place killer.service on m1 (best of 3)");

        world.dies("m1");
        assertThat(world.at(10))
                .containsExactly(
                        "strike 1 against killer.service on m1 (its machine died 10 s after it was"
                                + " told of it)",
                        "place killer.service on m2 (best of 2)");
        world.dies("m2");
        world.boots("m1");
        assertThat(world.at(20)).containsExactly(strike(2, "m2", 10));
        assertThat(hold(25))
                .contains(
                        "2 machines died within 2 minutes of being given it, the last one m2;"
                                + " tried again in 15 s");
        assertThat(world.at(39)).isEmpty();
        assertThat(world.at(40)).containsExactly("place killer.service on m1 (best of 2)");

        world.dies("m1");
        world.boots("m2");
        assertThat(world.at(50)).containsExactly(strike(3, "m1", 10));
        assertThat(world.at(169)).isEmpty();
        assertThat(world.at(170)).containsExactly("place killer.service on m2 (best of 2)");

        world.dies("m2");
        world.boots("m1");
        assertThat(world.at(180)).containsExactly(strike(4, "m2", 10));
        assertThat(world.at(1_000_000)).isEmpty();
        assertThat(hold(1_000_000).orElseThrow())
                .endsWith("to try again, unload and start it, or give it another text");
    }

    @Test
    void another_engine_goes_on_with_what_the_one_before_it_counted() {
        world.boots("m1", "m2", "m3");
        world.job("killer.service", "", JobState.LAUNCHED);
        world.at(0);
        world.dies("m1");
        world.at(10);

        world.anotherEngine();
        world.dies("m2");

        assertThat(world.at(20)).containsExactly(strike(2, "m2", 10));
        world.anotherEngine();
        assertThat(world.at(30)).isEmpty();
        assertThat(hold(30)).isPresent();
    }

    @Test
    void units_that_a_machine_had_for_long_move_at_once_when_it_dies() {
        world.boots("m1");
        for (int i = 0; i < 50; i++) {
            world.job("old-" + i + ".service", "", JobState.LAUNCHED);
        }
        world.at(0);
        world.boots("m2");
        world.dies("m1");

        assertThat(world.at(120)).hasSize(50).allMatch(words -> words.startsWith("move "));
        assertThat(isHeldAgainstNobody()).isTrue();
    }

    @Test
    void a_machine_that_goes_in_order_counts_for_nothing() {
        world.boots("m1", "m2");
        world.job("a.service", "", JobState.LAUNCHED);
        world.at(0);

        world.leaves("m1", false);

        assertThat(world.at(5))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; the one machine that"
                                + " fits)");
        world.boots("m1");
        world.job("b.service", "MachineID=m1", JobState.LAUNCHED);
        world.at(6);
        world.dies("m1");
        assertThat(world.at(10))
                .as("it goes without a word this time")
                .containsExactly(
                        "strike 1 against b.service on m1 (its machine died 4 s after it was told"
                                + " of it)");
    }

    @Test
    void machines_that_all_went_in_order_count_for_nothing_to_the_engine_of_the_next_boot() {
        world.boots("m1", "m2", "m3");
        world.job("a.service", "MachineID=m3", JobState.LAUNCHED);
        world.job("g.service", "Global=true", JobState.LAUNCHED);
        world.at(0);
        for (String machine : List.of("m1", "m2", "m3")) {
            world.leaves(machine, false); // No engine is left that could see the last ones go.
        }

        world.boots("m1");
        world.anotherEngine();
        world.at(10);
        assertThat(isHeldAgainstNobody()).isTrue();
        world.boots("m2", "m3");

        assertThat(world.at(11))
                .containsExactly(
                        "place a.service on m3 (the one machine that fits)",
                        "place g.service on m2 (global)",
                        "place g.service on m3 (global)");
    }

    @Test
    void a_machine_that_is_drained_counts_for_nothing() {
        world.boots("m1", "m2");
        world.job("a.service", "", JobState.LAUNCHED);
        world.at(0);

        world.put(new Entry.OfEligibility("m1", Eligibility.DRAINING));
        world.dies("m1");

        assertThat(world.at(5))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; the one machine that"
                                + " fits)");
    }

    @Test
    void a_unit_that_a_machine_bears_is_forgiven() {
        world.boots("m1", "m2");
        world.job("a.service", "", JobState.LAUNCHED);
        world.at(0);
        world.dies("m1");
        world.at(10);

        assertThat(world.at(129)).isEmpty();
        assertThat(world.at(130)).containsExactly("forgive a.service (a machine bears it)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_unit_that_is_unloaded_or_changed_begins_anew(boolean unloaded) {
        world.boots("m1", "m2", "m3");
        world.job("a.service", "", JobState.LAUNCHED);
        world.at(0);
        world.dies("m1");
        world.at(10);
        world.dies("m2");
        world.at(20);
        assertThat(hold("a.service", 20)).isPresent();

        if (unloaded) {
            world.job("a.service", "", JobState.INACTIVE);
            world.at(21);
            world.job("a.service", "", JobState.LAUNCHED);
        } else {
            world.job("a.service", "Memory=1M", JobState.LAUNCHED);
        }

        assertThat(world.at(22)).contains("place a.service on m3 (the one machine that fits)");
        assertThat(isHeldAgainstNobody()).isTrue();
    }

    @Test
    void a_global_unit_that_ends_all_machines_comes_to_none_that_boots() {
        world.boots("m1", "m2", "m3", "m4");
        world.job("g.service", "Global=true", JobState.LAUNCHED);
        world.at(0);
        world.dies("m1");
        world.dies("m2");
        world.dies("m3");
        world.at(10);
        world.boots("m1", "m2");

        assertThat(world.at(15)).isEmpty();
        assertThat(world.has(new Key.OfPlacement("m4", "g.service"))).isTrue();
        world.dies("m4");
        world.at(20);
        world.boots("m3", "m4");
        assertThat(world.at(1_000_000)).isEmpty();
    }

    @Test
    void a_clock_that_was_set_neither_strikes_nor_holds() {
        Strikes two = new Strikes("h", 2, World.BEGUN, "m1");

        assertThat(two.hold(World.BEGUN - 3_600_000)).isEmpty();
        assertThat(two.hold(World.BEGUN - 1_000)).isPresent();
        assertThat(two.hold(World.BEGUN + 20_000)).isEmpty();
        assertThat(new Strikes("h", 1, World.BEGUN, "m1").hold(World.BEGUN)).isEmpty();
        assertThat(Strikes.isSoon(World.BEGUN, World.BEGUN - 3_600_000)).isFalse();
        assertThat(Strikes.isSoon(World.BEGUN, World.BEGUN - 1_000)).isTrue();
        assertThat(Strikes.isSoon(0, World.BEGUN)).isFalse();
    }

    private static String strike(int count, String machine, int seconds) {
        return "strike %d against killer.service on %s (its machine died %d s after it was told of it)"
                .formatted(count, machine, seconds);
    }

    private Optional<String> hold(long second) {
        return hold("killer.service", second);
    }

    private Optional<String> hold(String unit, long second) {
        return world.get(new Key.OfStrikes(unit)) instanceof Entry.OfStrikes strikes
                ? strikes.strikes().hold(World.BEGUN + second * 1000)
                : Optional.empty();
    }

    private boolean isHeldAgainstNobody() {
        return !world.has(new Key.OfStrikes("a.service"))
                && !world.has(new Key.OfStrikes("killer.service"));
    }
}
