package flotilla.fleet.cluster;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What may happen to a small cluster: people, machines and other versions write, by chance. */
public final class Happenings {
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
                    "MachineID=m1",
                    "Placement=spread");

    private final Random random;
    private final List<Eligibility> words;

    /**
     * @param words that are said of machines
     */
    public Happenings(long seed, Eligibility... words) {
        this.random = new Random(seed);
        this.words = List.of(words);
    }

    /**
     * The next one; whether there is something to remove is not looked at.
     *
     * @param revision at which it happens
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public Change next(long revision, long nowMillis) {
        String unit = "a" + random.nextInt(UNITS) + ".service";
        String machine = "m" + random.nextInt(MACHINES);
        int text = random.nextInt(TEXTS.size());
        int kind = random.nextInt(15);
        return switch (kind) {
            case 7 -> new Change.Removed(new Key.OfText("h" + text));
            case 4 -> new Change.Removed(new Key.OfJob(unit));
            case 9 -> new Change.Removed(new Key.OfMachine(machine));
            case 10 ->
                    random.nextBoolean()
                            ? new Change.Put(
                                    new Entry.OfEligibility(machine, eligibility()), revision)
                            : new Change.Removed(new Key.OfEligibility(machine));
            case 11 ->
                    random.nextBoolean()
                            ? new Change.Put(
                                    new Entry.OfMetadata(machine, "disk", Optional.of("ssd")),
                                    revision)
                            : new Change.Removed(new Key.OfMetadata(machine, "disk"));
            case 12 ->
                    random.nextBoolean()
                            ? new Change.Put(
                                    new Entry.OfDefaults(new Defaults(random.nextBoolean())),
                                    revision)
                            : new Change.Removed(new Key.OfDefaults());
            case 13 ->
                    new Change.Put(
                            new Entry.OfStrikes(
                                    unit,
                                    new Strikes(
                                            "h" + text, 1 + random.nextInt(3), nowMillis, "m9")),
                            revision);
            default -> new Change.Put(entry(kind, unit, machine, text), revision);
        };
    }

    private Entry entry(int kind, String unit, String machine, int text) {
        return switch (kind) {
            case 0, 1, 2 -> new Entry.OfJob(new Job(unit, "h" + text, JobState.LAUNCHED));
            case 3 -> new Entry.OfJob(new Job(unit, "h" + text, JobState.INACTIVE));
            case 5, 6 -> new Entry.OfText("h" + text, text(text));
            case 8 -> new Entry.OfMachine(machine(machine, random.nextBoolean() ? "ssd" : ""));
            default -> new Entry.Unreadable(unreadable(unit, machine));
        };
    }

    private Eligibility eligibility() {
        return words.get(random.nextInt(words.size()));
    }

    private Key unreadable(String unit, String machine) {
        return switch (random.nextInt(4)) {
            case 0 -> new Key.OfJob(unit);
            case 1 -> new Key.OfOwner(unit);
            case 2 -> new Key.OfPlacement(machine, unit);
            default -> new Key.OfMachine(machine);
        };
    }

    static Machine machine(String id, String disk) {
        Map<String, String> metadata = disk.isEmpty() ? Map.of() : Map.of("disk", disk);
        return new Machine(id, "", id, metadata, new Capacity(1L << 30, 4_000), "");
    }

    static String text(int i) {
        return "[X-Fleet]\n" + TEXTS.get(i) + "\n";
    }
}
