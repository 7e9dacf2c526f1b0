package flotilla.fleet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A cluster that is followed schedules as one that is listed. */
class SchedulingTest {
    private static final int SEEDS = 40;
    private static final int EVENTS = 120;
    private final Cluster followed = new Cluster();
    private final Map<Key, Versioned<Entry>> store = new LinkedHashMap<>();
    private long nowMillis = 1_800_000_000_000L;
    private long revision;

    @Test
    void a_cluster_that_is_followed_schedules_as_one_that_is_listed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SchedulingTest cluster = new SchedulingTest();
            Happenings happenings = new Happenings(seed, Eligibility.CORDONED);
            for (int event = 0; event < EVENTS; event++) {
                cluster.nowMillis += 1_000;
                cluster.take(happenings.next(cluster.revision + 1, cluster.nowMillis));
                cluster.carryOut();

                assertThat(cluster.story(cluster.followed))
                        .as("seed %d, event %d", seed, event)
                        .isEqualTo(cluster.story(cluster.listed()));
            }
        }
    }

    @Test
    void a_unit_that_had_to_wait_is_placed_when_its_time_has_come() {
        put(new Entry.OfMachine(Happenings.machine("m1", "")));
        put(new Entry.OfText("h0", Happenings.text(0)));
        put(new Entry.OfJob(new Job("a0.service", "h0", JobState.LAUNCHED)));
        put(new Entry.OfStrikes("a0.service", new Strikes("h0", 2, nowMillis, "m2")));
        assertThat(followed.schedule(nowMillis).placement("a0.service")).isEmpty();

        nowMillis += 21_000;

        assertThat(followed.schedule(nowMillis).placement("a0.service")).isPresent();
    }

    @Test
    void units_that_do_not_say_are_packed_from_then_on_where_the_cluster_says_so() {
        put(new Entry.OfMachine(Happenings.machine("m1", "")));
        put(new Entry.OfMachine(Happenings.machine("m2", "")));
        put(new Entry.OfText("any", "[X-Fleet]\nMemory=10M\n"));
        put(new Entry.OfText("spread", "[X-Fleet]\nMemory=10M\nPlacement=spread\n"));
        begin("a.service", "any");
        begin("b.service", "any");
        assertThat(List.of(home("a.service"), home("b.service"))).containsExactly("m1", "m2");

        put(new Entry.OfDefaults(new Defaults(true)));
        begin("c.service", "any");
        begin("d.service", "any");
        begin("e.service", "spread");

        assertThat(List.of(home("c.service"), home("d.service")))
                .as("one machine is filled first")
                .containsExactly("m1", "m1");
        assertThat(home("e.service")).as("it says so itself").isEqualTo("m2");
        assertThat(home("b.service")).as("who runs stays").isEqualTo("m2");

        remove(new Key.OfDefaults());
        begin("f.service", "any");
        assertThat(home("f.service")).isEqualTo("m2");
    }

    private void begin(String unit, String text) {
        put(new Entry.OfJob(new Job(unit, text, JobState.LAUNCHED)));
        carryOut();
    }

    private String home(String unit) {
        return followed.owner(unit).orElse("none");
    }

    /** Owners are as the schedule says, and machines are told. */
    private void carryOut() {
        Schedule schedule = followed.schedule(nowMillis);
        for (String unit : new TreeSet<>(followed.units())) {
            Optional<String> machine = schedule.placement(unit).map(place -> place.machineId());
            if (machine.isPresent() && !machine.equals(followed.owner(unit))) {
                put(new Entry.OfOwner(unit, machine.get()));
            }
            for (String seat : schedule.machines(unit)) {
                Job job = followed.job(unit).orElse(null);
                if (job != null && followed.told(seat, unit).isEmpty()) {
                    put(new Entry.OfPlacement(seat, unit, job.assignment(), nowMillis));
                }
            }
        }
    }

    private void take(Change change) {
        switch (change) {
            case Change.Put(Entry entry, long _) -> put(entry);
            case Change.Removed(Key key) -> remove(key);
        }
    }

    private void put(Entry entry) {
        revision++;
        store.put(entry.key(), new Versioned<>(entry, revision));
        followed.put(entry, revision);
    }

    private void remove(Key key) {
        revision++;
        store.remove(key);
        followed.remove(key);
    }

    private Cluster listed() {
        Cluster listed = new Cluster();
        store.values().forEach(stored -> listed.put(stored.value(), stored.revision()));
        return listed;
    }

    private List<String> story(Cluster cluster) {
        Schedule schedule = cluster.schedule(nowMillis);
        List<String> story = new ArrayList<>();
        for (String unit : new TreeMap<>(byName(cluster)).keySet()) {
            story.add(
                    unit
                            + " on "
                            + schedule.placement(unit).map(place -> place.machineId())
                            + new TreeSet<>(schedule.machines(unit))
                            + " not on "
                            + schedule.refusals(unit));
        }
        return story;
    }

    private static Map<String, Job> byName(Cluster cluster) {
        Map<String, Job> jobs = new TreeMap<>();
        cluster.jobs().forEach(job -> jobs.put(job.name(), job));
        return jobs;
    }
}
