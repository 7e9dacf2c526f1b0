package flotilla.fleet.engine;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.units.UnitFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An engine with a store in memory, told as a story: what happens at a second, and what the engine
 * decides then. Decisions are carried out at once, and the engine hears of it, until it has nothing
 * more to do. Machines do nothing by themselves.
 */
final class World {
    static final long BEGUN = 1_800_000_000_000L;

    /** A machine's fence here, in milliseconds. */
    static final long FENCE_MILLIS = 5_000;

    private final Map<Key, Stored> store =
            new TreeMap<>(Comparator.comparing((Key key) -> key.toString()));
    private final List<Change> unheard = new ArrayList<>();
    private EngineMachine engine = new EngineMachine();
    private long revision = 1;
    private long second;
    private long wakeMillis;

    /** What the engine hears first when it is next asked. */
    private Event pending = new Event.Tick();

    World() {
        anotherEngine();
    }

    /** Which has heard nothing before. */
    void anotherEngine() {
        engine = new EngineMachine();
        unheard.clear();
        pending = new Event.Listed(List.copyOf(store.values()), revision);
    }

    /** The thread of changes broke: what happened since is only seen in a new listing. */
    void losesThread() {
        unheard.clear();
        pending = new Event.Listed(List.copyOf(store.values()), revision);
    }

    void boots(String... machines) {
        for (String id : machines) {
            put(
                    new Entry.OfMachine(
                            new Machine(id, "", id, Map.of(), Capacity.UNKNOWN, "")
                                    .withFence(FENCE_MILLIS)));
            remove(new Key.OfLeaving(id));
        }
    }

    /**
     * In order, with a word that outlives its key.
     *
     * @param stopped whether it says that nothing of its units is left
     */
    void leaves(String machine, boolean stopped) {
        put(new Entry.OfLeaving(machine, stopped));
        dies(machine);
    }

    /** Its lease ends: with its key goes what it said. */
    void dies(String... machines) {
        for (String id : machines) {
            remove(new Key.OfMachine(id));
            List.copyOf(store.keySet()).stream()
                    .filter(key -> key instanceof Key.OfAcknowledgement(var by, _) && by.equals(id))
                    .forEach(this::remove);
        }
    }

    Job job(String name, String option, JobState desired) {
        UnitFile file = UnitFile.parse("[Service]\nExecStart=/bin/x\n[X-Fleet]\n" + option + "\n");
        put(new Entry.OfText(file.hash(), file.fleetText()));
        Job job =
                get(new Key.OfJob(name)) instanceof Entry.OfJob(Job before)
                        ? before.with(file.hash(), desired)
                        : new Job(name, file.hash(), desired);
        put(new Entry.OfJob(job));
        return job;
    }

    Job job(String name) {
        return get(new Key.OfJob(name)) instanceof Entry.OfJob(Job job)
                ? job
                : new Job(name, "none", JobState.INACTIVE);
    }

    /** The machine has done what it was told last. */
    void acknowledges(String machine, String unit) {
        if (get(new Key.OfPlacement(machine, unit)) instanceof Entry.OfPlacement told) {
            says(machine, unit, told.assignment().isWithdrawn());
        }
    }

    /** Of what it was told last: it is carried out, and the unit fares so. */
    void says(String machine, String unit, Health health) {
        says(machine, unit, false, health);
    }

    /** Of what it was told last. */
    void says(String machine, String unit, boolean released) {
        says(machine, unit, released, Health.UNKNOWN);
    }

    private void says(String machine, String unit, boolean released, Health health) {
        Stored told = store.get(new Key.OfPlacement(machine, unit));
        if (told != null && told.entry() instanceof Entry.OfPlacement placement) {
            long generation = placement.assignment().generation();
            put(
                    new Entry.OfAcknowledgement(
                            machine,
                            unit,
                            new Acknowledgement(told.revision(), generation, released, health)));
        }
    }

    void put(Entry entry) {
        revision++;
        store.put(entry.key(), new Stored(entry, revision));
        unheard.add(new Change.Put(entry, revision));
    }

    void remove(Key key) {
        if (store.remove(key) != null) {
            revision++;
            unheard.add(new Change.Removed(key));
        }
    }

    Entry get(Key key) {
        Stored stored = store.get(key);
        return stored == null ? new Entry.Unreadable(key) : stored.entry();
    }

    boolean has(Key key) {
        return store.containsKey(key);
    }

    Optional<String> owner(String unit) {
        return get(new Key.OfOwner(unit)) instanceof Entry.OfOwner owner
                ? Optional.of(owner.machineId())
                : Optional.empty();
    }

    /** The second at which the engine wants to look again. */
    long wakesAt() {
        return (wakeMillis + 999) / 1000;
    }

    /** What the engine decides at that second; without what it only remembers or collects. */
    List<String> at(long second) {
        this.second = second;
        List<String> words = new ArrayList<>();
        List<Decision> decisions = feed(pending);
        pending = new Event.Tick();
        decisions.addAll(hear());
        while (!decisions.isEmpty()) {
            decisions.stream().filter(World::isAboutUnits).map(Words::of).forEach(words::add);
            decisions = hear();
        }
        return words;
    }

    private static boolean isAboutUnits(Decision decision) {
        return switch (decision) {
            case Decision.Collect _, Decision.Remember _, Decision.Forget _ -> false;
            default -> true;
        };
    }

    private List<Decision> hear() {
        if (unheard.isEmpty()) {
            return new ArrayList<>();
        }
        Event news = new Event.Changed(List.copyOf(unheard), revision);
        unheard.clear();
        return feed(news);
    }

    /** What is decided, all of it carried out. */
    private List<Decision> feed(Event event) {
        List<Decision> decided = new ArrayList<>();
        List<Action> actions = new ArrayList<>(engine.on(event, now()));
        while (!actions.isEmpty()) {
            switch (actions.removeFirst()) {
                case Action.Carry(long number, Decision decision) -> {
                    decided.add(decision);
                    carryOut(decision);
                    actions.addAll(engine.on(new Event.Done(number, revision), now()));
                }
                case Action.WakeAt(long monotonicMillis) -> wakeMillis = monotonicMillis;
            }
        }
        return decided;
    }

    private Now now() {
        return new Now(second * 1000, BEGUN + second * 1000);
    }

    private void carryOut(Decision decision) {
        Transaction transaction = Transaction.of(decision, now().wallMillis());
        transaction.deletes().forEach(this::remove);
        transaction.puts().forEach(this::put);
    }
}
