package flotilla.fleet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A cluster that is followed schedules as one that is listed. */
class SchedulingTest {
    private static final int SEEDS = 40;
    private static final int EVENTS = 120;
    private static final int UNITS = 12;
    private static final int MACHINES = 4;
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "Memory=400M",
                    "Conflicts=a*",
                    "MachineMetadata=disk=ssd",
                    "MachineOf=a1.service",
                    "Global=true",
                    "MachineID=m1");

    private final Cluster followed = new Cluster();
    private final Map<Key, Versioned<Entry>> store = new LinkedHashMap<>();
    private long nowMillis = 1_800_000_000_000L;
    private long revision;

    @Test
    void a_cluster_that_is_followed_schedules_as_one_that_is_listed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SchedulingTest cluster = new SchedulingTest();
            Random random = new Random(seed);
            for (int event = 0; event < EVENTS; event++) {
                cluster.something(random);
                cluster.carryOut();

                assertThat(cluster.story(cluster.followed))
                        .as("seed %d, event %d", seed, event)
                        .isEqualTo(cluster.story(cluster.listed()));
            }
        }
    }

    @Test
    void a_unit_that_had_to_wait_is_placed_when_its_time_has_come() {
        put(new Entry.OfMachine(machine("m1", "")));
        put(new Entry.OfText("h0", text(0)));
        put(new Entry.OfJob(new Job("a0.service", "h0", JobState.LAUNCHED)));
        put(new Entry.OfStrikes("a0.service", new Strikes("h0", 2, nowMillis, "m2")));
        assertThat(followed.schedule(nowMillis).placement("a0.service")).isEmpty();

        nowMillis += 21_000;

        assertThat(followed.schedule(nowMillis).placement("a0.service")).isPresent();
    }

    private void something(Random random) {
        String unit = "a" + random.nextInt(UNITS) + ".service";
        String machine = "m" + random.nextInt(MACHINES);
        int text = random.nextInt(TEXTS.size());
        nowMillis += 1_000;
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> put(new Entry.OfJob(new Job(unit, "h" + text, JobState.LAUNCHED)));
            case 3 -> put(new Entry.OfJob(new Job(unit, "h" + text, JobState.INACTIVE)));
            case 4 -> remove(new Key.OfJob(unit));
            case 5, 6 -> put(new Entry.OfText("h" + text, text(text)));
            case 7 -> remove(new Key.OfText("h" + text));
            case 8 -> put(new Entry.OfMachine(machine(machine, random.nextBoolean() ? "ssd" : "")));
            case 9 -> remove(new Key.OfMachine(machine));
            case 10 -> eligibility(machine, random);
            case 11 -> metadata(machine, random);
            case 12 -> unreadable(unit, machine, random);
            default -> {
                int count = 1 + random.nextInt(3);
                put(new Entry.OfStrikes(unit, new Strikes("h" + text, count, nowMillis, "m9")));
            }
        }
    }

    private void eligibility(String machine, Random random) {
        if (random.nextBoolean()) {
            put(new Entry.OfEligibility(machine, Eligibility.CORDONED));
        } else {
            remove(new Key.OfEligibility(machine));
        }
    }

    private void metadata(String machine, Random random) {
        if (random.nextBoolean()) {
            put(new Entry.OfMetadata(machine, "disk", Optional.of("ssd")));
        } else {
            remove(new Key.OfMetadata(machine, "disk"));
        }
    }

    private void unreadable(String unit, String machine, Random random) {
        put(
                new Entry.Unreadable(
                        switch (random.nextInt(4)) {
                            case 0 -> new Key.OfJob(unit);
                            case 1 -> new Key.OfOwner(unit);
                            case 2 -> new Key.OfPlacement(machine, unit);
                            default -> new Key.OfMachine(machine);
                        }));
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
                if (followed.told(seat, unit).isEmpty()) {
                    Job job = followed.job(unit).orElseThrow();
                    put(new Entry.OfPlacement(seat, unit, job.assignment(), nowMillis));
                }
            }
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

    private static Machine machine(String id, String disk) {
        Map<String, String> metadata = disk.isEmpty() ? Map.of() : Map.of("disk", disk);
        return new Machine(id, "", id, metadata, new Capacity(1L << 30, 4_000), "");
    }

    private static String text(int i) {
        return "[X-Fleet]\n" + TEXTS.get(i) + "\n";
    }
}
