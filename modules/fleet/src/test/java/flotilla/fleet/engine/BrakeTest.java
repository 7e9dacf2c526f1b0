package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import flotilla.units.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A unit that ends its machines, told as a story: what happens at a second, and what the engine
 * decides then. Decisions are carried out at once, and the engine looks again until it has nothing
 * to do.
 */
class BrakeTest {
    private static final long BEGUN = 1_800_000_000_000L;

    /** What is stored, so that another engine can be told of it. */
    private final Map<Key, Entry> store = new TreeMap<>((a, b) -> name(a).compareTo(name(b)));

    private Cluster cluster = new Cluster();
    private long revision;

    @Test
    void a_unit_that_ends_each_of_its_machines_is_braked_and_then_held() {
        boots("m1", "m2", "m3");
        job("killer.service", "", JobState.LAUNCHED);
        assertThat(at(0)).containsExactly("place killer.service on m1 (best of 3)");

        dies("m1");
        assertThat(at(10))
                .containsExactly(
                        "strike 1 against killer.service on m1 (its machine died 10 s after it was"
                                + " told of it)",
                        "place killer.service on m2 (best of 2)");
        dies("m2");
        boots("m1");
        assertThat(at(20)).containsExactly(strike(2, "m2", 10));
        assertThat(hold(25))
                .contains(
                        "2 machines died within 2 minutes of being given it, the last one m2;"
                                + " tried again in 15 s");
        assertThat(at(39)).isEmpty();
        assertThat(at(40)).containsExactly("place killer.service on m1 (best of 2)");

        dies("m1");
        boots("m2");
        assertThat(at(50)).containsExactly(strike(3, "m1", 10));
        assertThat(at(169)).isEmpty();
        assertThat(at(170)).containsExactly("place killer.service on m2 (best of 2)");

        dies("m2");
        boots("m1");
        assertThat(at(180)).containsExactly(strike(4, "m2", 10));
        assertThat(at(1_000_000)).isEmpty();
        assertThat(hold(1_000_000).orElseThrow())
                .endsWith("to try again, unload and start it, or give it another text");
    }

    @Test
    void another_engine_goes_on_with_what_the_one_before_it_counted() {
        boots("m1", "m2", "m3");
        job("killer.service", "", JobState.LAUNCHED);
        at(0);
        dies("m1");
        at(10);

        anotherEngine();
        dies("m2");

        assertThat(at(20)).containsExactly(strike(2, "m2", 10));
        anotherEngine();
        assertThat(at(30)).isEmpty();
        assertThat(hold(30)).isPresent();
    }

    @Test
    void units_that_a_machine_had_for_long_move_at_once_when_it_dies() {
        boots("m1");
        for (int i = 0; i < 50; i++) {
            job("old-" + i + ".service", "", JobState.LAUNCHED);
        }
        at(0);
        boots("m2");
        dies("m1");

        assertThat(at(120)).hasSize(50).allMatch(words -> words.startsWith("move "));
        assertThat(cluster.strikeRevisions()).isEmpty();
    }

    @Test
    void a_machine_that_goes_in_order_counts_for_nothing() {
        boots("m1", "m2");
        job("a.service", "", JobState.LAUNCHED);
        at(0);

        leaves("m1");

        assertThat(at(5))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; the one machine that"
                                + " fits)");
        boots("m1");
        dies("m1");
        assertThat(cluster.hasLeft("m1")).isFalse();
    }

    @Test
    void machines_that_all_went_in_order_count_for_nothing_to_the_engine_of_the_next_boot() {
        boots("m1", "m2", "m3");
        job("a.service", "MachineID=m3", JobState.LAUNCHED);
        job("g.service", "Global=true", JobState.LAUNCHED);
        at(0);
        for (String machine : List.of("m1", "m2", "m3")) {
            leaves(machine); // No engine is left that could see the last ones go.
        }

        boots("m1");
        anotherEngine();
        at(10);
        assertThat(cluster.strikeRevisions()).isEmpty();
        boots("m2", "m3");

        assertThat(at(11))
                .containsExactly(
                        "place a.service on m3 (the one machine that fits)",
                        "place g.service on m2 (global)",
                        "place g.service on m3 (global)");
    }

    @Test
    void a_machine_that_is_drained_counts_for_nothing() {
        boots("m1", "m2");
        job("a.service", "", JobState.LAUNCHED);
        at(0);

        put(new Entry.OfEligibility("m1", Eligibility.DRAINING));
        dies("m1");

        assertThat(at(5))
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; the one machine that"
                                + " fits)");
    }

    @Test
    void a_unit_that_a_machine_bears_is_forgiven() {
        boots("m1", "m2");
        job("a.service", "", JobState.LAUNCHED);
        at(0);
        dies("m1");
        at(10);

        assertThat(at(129)).isEmpty();
        assertThat(at(130)).containsExactly("forgive a.service (a machine bears it)");
    }

    @Test
    void a_unit_that_is_unloaded_or_changed_begins_anew() {
        for (boolean unloaded : List.of(true, false)) {
            boots("m1", "m2", "m3");
            job("a.service", "", JobState.LAUNCHED);
            at(0);
            dies("m1");
            at(10);
            dies("m2");
            at(20);
            assertThat(hold("a.service", 20)).isPresent();

            if (unloaded) {
                job("a.service", "", JobState.INACTIVE);
                at(21);
                job("a.service", "", JobState.LAUNCHED);
            } else {
                job("a.service", "Memory=1M", JobState.LAUNCHED);
            }

            assertThat(at(22)).contains("place a.service on m3 (the one machine that fits)");
            assertThat(cluster.strikeRevisions()).isEmpty();
            job("a.service", "", JobState.INACTIVE);
            at(23);
        }
    }

    @Test
    void a_global_unit_that_ends_all_machines_comes_to_none_that_boots() {
        boots("m1", "m2", "m3", "m4");
        job("g.service", "Global=true", JobState.LAUNCHED);
        at(0);
        dies("m1");
        dies("m2");
        dies("m3");
        at(10);
        boots("m1", "m2");

        assertThat(at(15)).isEmpty();
        assertThat(cluster.placement("m4", "g.service")).isPresent();
        dies("m4");
        at(20);
        boots("m3", "m4");
        assertThat(at(1_000_000)).isEmpty();
    }

    @Test
    void a_clock_that_was_set_neither_strikes_nor_holds() {
        Strikes two = new Strikes("h", 2, BEGUN, "m1");

        assertThat(two.hold(BEGUN - 3_600_000)).isEmpty();
        assertThat(two.hold(BEGUN - 1_000)).isPresent();
        assertThat(two.hold(BEGUN + 20_000)).isEmpty();
        assertThat(new Strikes("h", 1, BEGUN, "m1").hold(BEGUN)).isEmpty();
        assertThat(Strikes.isSoon(BEGUN, BEGUN - 3_600_000)).isFalse();
        assertThat(Strikes.isSoon(BEGUN, BEGUN - 1_000)).isTrue();
        assertThat(Strikes.isSoon(0, BEGUN)).isFalse();
    }

    private static String strike(int count, String machine, int seconds) {
        return "strike %d against killer.service on %s (its machine died %d s after it was told of it)"
                .formatted(count, machine, seconds);
    }

    private Optional<String> hold(long second) {
        return hold("killer.service", second);
    }

    private Optional<String> hold(String unit, long second) {
        return cluster.hold(unit, BEGUN + second * 1000);
    }

    private void boots(String... machines) {
        for (String id : machines) {
            put(new Entry.OfMachine(new Machine(id, "", id, Map.of(), Capacity.UNKNOWN, "")));
            remove(new Key.OfLeaving(id));
        }
    }

    private void leaves(String machine) {
        put(new Entry.OfLeaving(machine));
        dies(machine);
    }

    private void dies(String machine) {
        remove(new Key.OfMachine(machine));
    }

    private void job(String name, String option, JobState desired) {
        UnitFile file = UnitFile.parse("[Service]\nExecStart=/bin/x\n[X-Fleet]\n" + option + "\n");
        put(new Entry.OfText(file.hash(), file.fleetText()));
        put(new Entry.OfJob(new Job(name, file.hash(), desired)));
    }

    private void anotherEngine() {
        cluster = new Cluster();
        store.values().forEach(entry -> cluster.put(entry, ++revision));
    }

    /** What the engine decides at that second, without the collecting of texts. */
    private List<String> at(long second) {
        long now = BEGUN + second * 1000;
        List<String> words = new ArrayList<>();
        List<Decision> decisions = Reconciler.decide(cluster, now);
        while (!decisions.isEmpty()) {
            for (Decision decision : decisions) {
                carryOut(decision, now);
                if (!(decision instanceof Decision.Collect)) {
                    words.add(Words.of(decision));
                }
            }
            decisions = Reconciler.decide(cluster, now);
        }
        return words;
    }

    private void carryOut(Decision decision, long now) {
        switch (decision) {
            case Decision.Place place -> {
                if (!place.global()) {
                    put(new Entry.OfOwner(place.job().name(), place.machineId()));
                }
                tell(place.machineId(), place.job(), now);
            }
            case Decision.Move move -> {
                put(new Entry.OfOwner(move.job().name(), move.to()));
                remove(new Key.OfPlacement(move.from(), move.job().name()));
                tell(move.to(), move.job(), now);
            }
            case Decision.Update update -> tell(update.machineId(), update.job(), now);
            case Decision.Withdraw withdraw ->
                    withdraw(withdraw.unit(), withdraw.machineId(), withdraw.owned());
            case Decision.Strike strike -> {
                withdraw(strike.unit(), strike.machineId(), strike.owned());
                put(new Entry.OfStrikes(strike.unit(), strike.strikes()));
            }
            case Decision.Forgive forgive -> remove(new Key.OfStrikes(forgive.unit()));
            case Decision.Collect collect -> remove(new Key.OfText(collect.hash()));
        }
    }

    private void tell(String machine, Job job, long now) {
        put(new Entry.OfPlacement(machine, job.name(), job.assignment(), now));
    }

    private void withdraw(String unit, String machine, boolean owned) {
        if (owned) {
            remove(new Key.OfOwner(unit));
        }
        remove(new Key.OfPlacement(machine, unit));
    }

    private void put(Entry entry) {
        store.put(entry.key(), entry);
        cluster.put(entry, ++revision);
    }

    private void remove(Key key) {
        store.remove(key);
        cluster.remove(key);
    }

    private static String name(Key key) {
        return key.toString();
    }
}
