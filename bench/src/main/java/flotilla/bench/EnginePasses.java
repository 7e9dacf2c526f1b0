package flotilla.bench;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action;
import flotilla.fleet.engine.EngineMachine;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Transaction;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.units.UnitFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole engine without a store: what it takes from one event until it says what is to be done.
 * What it decides is carried out at once, and machines do what they are told.
 */
final class EnginePasses {
    private static final int EVENTS = 200;
    private static final long GIB = 1L << 30;

    private final EngineMachine engine = new EngineMachine();
    private final Map<Key, Stored> store = new LinkedHashMap<>();
    private final int units;
    private final int machines;
    private long revision;
    private long millis;

    private EnginePasses(int units, int machines) {
        this.units = units;
        this.machines = machines;
    }

    static void print() {
        System.out.println("| the engine, 10,000 units on 1,000 machines | ms (median) | worst |");
        System.out.println("|---|---|---|");
        EnginePasses passes = new EnginePasses(10_000, 1_000);
        passes.fill();
        passes.measure("a machine says again how far it is with a unit", i -> passes.say(i));
        passes.measure("a machine says again what it is", i -> passes.machine(i));
        passes.measure("a unit is asked to start anew", i -> passes.restart(i));
        passes.measure("a unit is destroyed", i -> new Change.Removed(new Key.OfJob(name(i))));
        passes.measure("only time passes", _ -> null);
    }

    private interface Happening {
        /** Null when only time passes. */
        @Nullable Change happen(int round);
    }

    private static String name(int i) {
        return "app%05d@%d.service".formatted(i / 100, i % 100);
    }

    private Change put(Entry entry) {
        return new Change.Put(entry, revision + 1);
    }

    private Change machine(int i) {
        return put(
                new Entry.OfMachine(
                        new Machine(
                                "m%06d".formatted(i),
                                "",
                                "",
                                Map.of(),
                                new Capacity(64 * GIB, 64_000),
                                "")));
    }

    private Change restart(int i) {
        Stored there = store.get(new Key.OfJob(name(i)));
        if (there != null && there.entry() instanceof Entry.OfJob(Job job)) {
            return put(new Entry.OfJob(job.with(JobState.LAUNCHED)));
        }
        throw new IllegalStateException("there is no " + name(i));
    }

    /** What a machine that is there says once more. */
    private Change say(int i) {
        return store.values().stream()
                .map(Stored::entry)
                .filter(Entry.OfAcknowledgement.class::isInstance)
                .skip(i)
                .findFirst()
                .map(this::put)
                .orElseThrow();
    }

    private void fill() {
        UnitFile file = UnitFile.parse("[Service]\nExecStart=/bin/true\n[X-Fleet]\nMemory=256M\n");
        apply(put(new Entry.OfText(file.hash(), file.fleetText())));
        for (int i = 0; i < machines; i++) {
            apply(machine(i));
        }
        for (int i = 0; i < units; i++) {
            apply(put(new Entry.OfJob(new Job(name(i), file.hash(), JobState.LAUNCHED))));
        }
        go(new Event.Listed(List.copyOf(store.values()), revision));
    }

    private void apply(Change change) {
        revision++;
        switch (change) {
            case Change.Put(Entry entry, long at) -> store.put(entry.key(), new Stored(entry, at));
            case Change.Removed(Key key) -> store.remove(key);
        }
    }

    /** Until nothing is to be done any more; what that takes is nobody's time. */
    private void go(Event first) {
        Deque<Event> inbox = new ArrayDeque<>(List.of(first));
        while (!inbox.isEmpty()) {
            millis++;
            carry(engine.on(inbox.remove(), new Now(millis, millis)), inbox);
        }
    }

    private void carry(List<Action> actions, Deque<Event> inbox) {
        List<Change> changes = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.Carry(long number, var decision)) {
                Transaction transaction = Transaction.of(decision, millis);
                transaction.puts().forEach(entry -> take(put(entry), changes));
                transaction.deletes().forEach(key -> take(new Change.Removed(key), changes));
                inbox.add(new Event.Done(number, revision));
            }
        }
        for (Change change : List.copyOf(changes)) {
            if (change instanceof Change.Put(Entry.OfPlacement told, long at)) {
                take(
                        put(
                                new Entry.OfAcknowledgement(
                                        told.machineId(),
                                        told.unit(),
                                        new Acknowledgement(
                                                at,
                                                told.assignment().generation(),
                                                told.assignment().isWithdrawn()))),
                        changes);
            }
        }
        if (!changes.isEmpty()) {
            inbox.add(new Event.Changed(changes, revision));
        }
    }

    private void take(Change change, List<Change> changes) {
        apply(change);
        changes.add(change);
    }

    private void measure(String what, Happening happening) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Double> taken = new ArrayList<>();
        for (int round = 0; round < EVENTS; round++) {
            Change change = happening.happen(round);
            Event event = new Event.Tick();
            if (change != null) {
                apply(change);
                event = new Event.Changed(List.of(change), revision);
            }
            millis++;
            long begun = threads.getCurrentThreadCpuTime();
            List<Action> actions = engine.on(event, new Now(millis, millis));
            taken.add((threads.getCurrentThreadCpuTime() - begun) / 1e6);
            Deque<Event> inbox = new ArrayDeque<>();
            carry(actions, inbox);
            inbox.forEach(this::go);
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f |%n",
                what,
                Median.of(taken),
                taken.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }
}
