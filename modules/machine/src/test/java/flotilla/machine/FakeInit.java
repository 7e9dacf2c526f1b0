package flotilla.machine;

import flotilla.machine.embedded.EmbeddedHost;
import flotilla.platform.Registration;
import flotilla.units.UnitFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * An init in memory for the tests of every room: its units start and stop at once. One whose text
 * contains {@code ExecStart=/bin/false} fails. It remembers what it was told and how often each
 * unit was started, and can tell of a job's end late, twice or never, as a bus may.
 */
public class FakeInit implements Init {
    /** How the end of a job is told. */
    public enum Delivery {
        AT_ONCE,
        /** When the test says so: {@link #deliver}. */
        LATE,
        /** The change is said twice, and so is the result. */
        TWICE,
        /** The caller's patience ends before: {@link #letTimePass}. */
        NEVER
    }

    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, UnitDirectory> places = new TreeMap<>();
    private final Map<String, String> read = new TreeMap<>();
    private final Map<String, UnitState> states = new TreeMap<>();
    private final Set<String> masked = new TreeSet<>();
    private final Map<String, Integer> starts = new TreeMap<>();
    private final Set<String> startedMeanwhile = new TreeSet<>();
    private final Map<String, CompletableFuture<Void>> slowStops = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<Runnable> undelivered = new ArrayList<>();
    private final List<CompletableFuture<JobResult>> waiting = new ArrayList<>();
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final FakeJournal journal = new FakeJournal();
    private Optional<JobResult> always = Optional.empty();
    private Delivery delivery = Delivery.AT_ONCE;

    /** One whose jobs all end alike, whatever units it has. */
    public static FakeInit ending(JobResult result) {
        FakeInit init = new FakeInit();
        init.endAlways(result);
        return init;
    }

    public final synchronized void endAlways(JobResult result) {
        always = Optional.of(result);
    }

    public synchronized void deliver(Delivery how) {
        delivery = how;
    }

    /** Tells of all that has been kept back. */
    public void deliver() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(undelivered);
            undelivered.clear();
        }
        all.forEach(Runnable::run);
    }

    /** So much that nobody waits for a job any longer. */
    public void letTimePass() {
        List<CompletableFuture<JobResult>> all;
        synchronized (this) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(result -> result.complete(JobResult.UNKNOWN));
    }

    /** What changed something, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized int starts(String unit) {
        return starts.getOrDefault(unit, 0);
    }

    /** Has the next stop of the unit end as when somebody starts it again before it has stopped. */
    public synchronized void cancelNextStop(String unit) {
        startedMeanwhile.add(unit);
    }

    /** Has stops of the unit take until {@link #letStop}. */
    public synchronized void slowStop(String unit) {
        slowStops.put(unit, new CompletableFuture<>());
    }

    public void letStop(String unit) {
        CompletableFuture<Void> stop;
        synchronized (this) {
            stop = slowStops.remove(unit);
        }
        if (stop != null) {
            stop.complete(null);
        }
    }

    public synchronized boolean isRunning(String unit) {
        return states.containsKey(unit) && states.get(unit).isActive();
    }

    public synchronized Collection<String> files() {
        return List.copyOf(files.keySet());
    }

    public FakeJournal journal() {
        return journal;
    }

    /** It, its journal, and a host that is called this and has a gibibyte and two cores. */
    public Ports ports(String machineId, String hostname) {
        HostFacts facts = new HostFacts(machineId, "boot-1", hostname, "", 1L << 30, 2000);
        return new Ports(this, journal, new EmbeddedHost(facts));
    }

    private synchronized void called(String what) {
        calls.add(what);
    }

    @Override
    public synchronized void write(UnitDirectory directory, String name, String content) {
        called("write " + directory + " " + name);
        files.put(name, content);
        places.put(name, directory);
    }

    @Override
    public synchronized void remove(UnitDirectory directory, String name) {
        called("remove " + name);
        files.remove(name);
        places.remove(name);
    }

    @Override
    public synchronized Optional<String> read(UnitDirectory directory, String name) {
        return Optional.ofNullable(files.get(name));
    }

    @Override
    public synchronized List<OwnFile> own(UnitDirectory directory) {
        return files.entrySet().stream()
                .filter(file -> places.get(file.getKey()) == directory)
                .map(file ->
                        new OwnFile(
                                file.getKey(),
                                Path.of("/", file.getKey()),
                                UnitFile.parse(file.getValue()).hash()))
                .toList();
    }

    @Override
    public CompletableFuture<Void> reload() {
        called("reload");
        readAll();
        return CompletableFuture.completedFuture(null);
    }

    private synchronized void readAll() {
        read.clear();
        read.putAll(files);
        for (String name : files.keySet()) {
            if (!name.contains("/") && !states.containsKey(name)) {
                states.put(name, state(name, "inactive", "dead"));
            }
        }
        states.keySet().removeIf(name -> !files.containsKey(name) && !isRunning(name));
    }

    @Override
    public void enable(String name, UnitDirectory directory) {
        called("enable " + name);
    }

    @Override
    public void disable(String name, UnitDirectory directory) {
        called("disable " + name);
    }

    @Override
    public synchronized void mask(String name, UnitDirectory directory) {
        called("mask " + name);
        masked.add(name);
    }

    @Override
    public synchronized void unmask(String name, UnitDirectory directory) {
        called("unmask " + name);
        masked.remove(name);
    }

    @Override
    public void set(String name, Map<String, String> properties) {
        called("set " + name + " " + new TreeMap<>(properties));
    }

    @Override
    public CompletableFuture<JobResult> job(JobVerb verb, String name) {
        called(verb + " " + name);
        CompletableFuture<Void> slow;
        synchronized (this) {
            slow = verb == JobVerb.STOP ? slowStops.get(name) : null;
        }
        CompletableFuture<JobResult> told = new CompletableFuture<>();
        if (slow == null) {
            tell(name, run(verb, name), told);
        } else {
            var _ = slow.thenAccept(_ -> tell(name, run(verb, name), told));
        }
        return told;
    }

    /** The unit has changed already: only word of it may be late. */
    private void tell(String name, JobResult result, CompletableFuture<JobResult> told) {
        Runnable word =
                () -> {
                    listeners.forEach(listener -> listener.accept(Set.of(name)));
                    told.complete(result);
                };
        Delivery how;
        synchronized (this) {
            how = delivery;
            if (how == Delivery.LATE) {
                undelivered.add(word);
            } else if (how == Delivery.NEVER) {
                waiting.add(told);
            }
        }
        if (how == Delivery.AT_ONCE || how == Delivery.TWICE) {
            word.run();
        }
        if (how == Delivery.TWICE) {
            word.run();
        }
    }

    private synchronized JobResult run(JobVerb verb, String name) {
        if (always.isPresent()) {
            return always.get();
        }
        String text = read.get(name);
        if (verb == JobVerb.STOP) {
            return stop(name, text != null);
        }
        if (text == null || masked.contains(name)) {
            return JobResult.NOT_LOADED;
        }
        if (text.contains("ExecStart=/bin/false")) {
            become(name, "failed", "failed", "Failed.");
            return JobResult.FAILED;
        }
        boolean onlyIfUp = verb == JobVerb.TRY_RESTART || verb == JobVerb.RELOAD_OR_TRY_RESTART;
        boolean runs = isRunning(name);
        if (verb == JobVerb.START ? !runs : runs || !onlyIfUp) {
            starts.merge(name, 1, Integer::sum);
            become(name, "active", "running", "Started.");
        }
        return JobResult.DONE;
    }

    private JobResult stop(String name, boolean hasFile) {
        if (startedMeanwhile.remove(name)) {
            return JobResult.CANCELED;
        }
        if (!hasFile && !states.containsKey(name)) {
            return JobResult.NOT_LOADED;
        }
        become(name, "inactive", "dead", "Stopped.");
        return JobResult.DONE;
    }

    private void become(String name, String active, String sub, String words) {
        states.put(name, state(name, active, sub));
        journal.log(new JournalLine(Instant.EPOCH, name, "init", 0, words));
    }

    private static UnitState state(String name, String active, String sub) {
        String result = active.equals("failed") ? "exit-code" : "success";
        return new UnitState(name, "loaded", active, sub, 0, result);
    }

    @Override
    public void kill(String name) {
        if (isRunning(name)) {
            synchronized (this) {
                become(name, "failed", "failed", "Killed.");
            }
            listeners.forEach(listener -> listener.accept(Set.of(name)));
        }
    }

    @Override
    public CompletableFuture<String> probe(String name, String line, Duration limit) {
        return CompletableFuture.completedFuture(isRunning(name) ? "" : "does not run");
    }

    @Override
    public boolean permit(Set<String> units, Duration time) {
        return false;
    }

    @Override
    public synchronized void resetFailed(String name) {
        called("reset-failed " + name);
        if (states.containsKey(name) && states.get(name).isFailed()) {
            states.put(name, state(name, "inactive", "dead"));
        }
    }

    @Override
    public synchronized Map<String, UnitState> states(Collection<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, this::state));
    }

    private synchronized UnitState state(String name) {
        UnitState state = states.getOrDefault(name, UnitState.notFound(name));
        return masked.contains(name)
                ? new UnitState(name, "masked", state.active(), state.sub(), 0, state.result())
                : state;
    }

    @Override
    public synchronized List<UnitState> list() {
        return List.copyOf(states.values());
    }

    @Override
    public synchronized UnitDetail show(String name) {
        boolean differs =
                !Optional.ofNullable(files.get(name)).equals(Optional.ofNullable(read.get(name)));
        OptionalLong none = OptionalLong.empty();
        int runs = starts(name);
        String run = runs == 0 ? "" : "%032x".formatted(runs);
        return new UnitDetail(state(name), run, differs, none, none, none);
    }

    @Override
    public Registration subscribe(Consumer<Set<String>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public String status(String name) {
        return "● " + name;
    }

    @Override
    public void close() {}
}
