package flotilla.fleet;

import flotilla.machine.Init;
import flotilla.machine.JournalLine;
import flotilla.machine.UnitState;
import flotilla.platform.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * An init in memory whose units start and stop at once. A unit whose text contains {@code
 * ExecStart=/bin/false} fails. Remembers how often each unit was started.
 */
final class FakeInit implements Init {
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, String> read = new TreeMap<>();
    private final Map<String, UnitState> states = new TreeMap<>();
    private final Map<String, Integer> starts = new TreeMap<>();
    private final Set<String> startedMeanwhile = new TreeSet<>();
    private final Map<String, CompletableFuture<Void>> slowStops = new TreeMap<>();
    private final List<JournalLine> journal = new ArrayList<>();
    private final List<Consumer<UnitState>> listeners = new CopyOnWriteArrayList<>();

    synchronized int starts(String unit) {
        return starts.getOrDefault(unit, 0);
    }

    /** Has the next stop of the unit end as when somebody starts it again before it has stopped. */
    synchronized void cancelNextStop(String unit) {
        startedMeanwhile.add(unit);
    }

    /** Has stops of the unit take until {@link #letStop}. */
    synchronized void slowStop(String unit) {
        slowStops.put(unit, new CompletableFuture<>());
    }

    void letStop(String unit) {
        CompletableFuture<Void> stop;
        synchronized (this) {
            stop = slowStops.remove(unit);
        }
        if (stop != null) {
            stop.complete(null);
        }
    }

    synchronized boolean isRunning(String unit) {
        return states.containsKey(unit) && states.get(unit).isActive();
    }

    synchronized Collection<String> files() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized void write(UnitDirectory directory, String name, String content) {
        files.put(name, content);
    }

    @Override
    public synchronized void remove(UnitDirectory directory, String name) {
        files.remove(name);
    }

    @Override
    public synchronized Optional<String> read(UnitDirectory directory, String name) {
        return Optional.ofNullable(files.get(name));
    }

    @Override
    public void kill(String name) {
        var _ = job(JobVerb.STOP, name);
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
    public synchronized void reload() {
        read.clear();
        read.putAll(files);
        for (String name : files.keySet()) {
            if (!states.containsKey(name)) {
                states.put(name, state(name, "inactive", "dead"));
            }
        }
        states.keySet().removeIf(name -> !files.containsKey(name) && !isRunning(name));
    }

    @Override
    public void enable(String name, UnitDirectory directory) {}

    @Override
    public void mask(String name, UnitDirectory directory) {}

    @Override
    public void unmask(String name, UnitDirectory directory) {}

    @Override
    public CompletableFuture<JobResult> job(JobVerb verb, String name) {
        CompletableFuture<Void> slow;
        synchronized (this) {
            slow = verb == JobVerb.STOP ? slowStops.get(name) : null;
        }
        return slow == null ? done(verb, name) : slow.thenCompose(_ -> done(verb, name));
    }

    private CompletableFuture<JobResult> done(JobVerb verb, String name) {
        UnitState next;
        synchronized (this) {
            String text = read.get(name);
            if (text == null && verb != JobVerb.STOP) {
                return CompletableFuture.completedFuture(JobResult.NOT_LOADED);
            }
            if (verb == JobVerb.STOP && startedMeanwhile.remove(name)) {
                return CompletableFuture.completedFuture(JobResult.CANCELED);
            }
            if (verb == JobVerb.STOP) {
                next = state(name, "inactive", "dead");
                log(name, "Stopped.");
            } else if (text != null && text.contains("ExecStart=/bin/false")) {
                next = state(name, "failed", "failed");
                log(name, "Failed.");
            } else {
                if (verb == JobVerb.RESTART || !isRunning(name)) {
                    starts.merge(name, 1, Integer::sum);
                    log(name, "Started.");
                }
                next = state(name, "active", "running");
            }
            states.put(name, next);
        }
        listeners.forEach(listener -> listener.accept(next));
        return CompletableFuture.completedFuture(
                next.isFailed() ? JobResult.FAILED : JobResult.DONE);
    }

    private static UnitState state(String name, String active, String sub) {
        return new UnitState(name, "loaded", active, sub, 0, "success");
    }

    private void log(String unit, String message) {
        journal.add(new JournalLine(Instant.EPOCH, unit, "init", 0, message));
    }

    @Override
    public void resetFailed(String name) {}

    @Override
    public synchronized Map<String, UnitState> states(Collection<String> names) {
        return names.stream()
                .collect(
                        Collectors.toMap(
                                name -> name,
                                name -> states.getOrDefault(name, UnitState.notFound(name))));
    }

    @Override
    public synchronized List<UnitState> list() {
        return List.copyOf(states.values());
    }

    @Override
    public Registration subscribe(Consumer<UnitState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public String status(String name) {
        return "● " + name;
    }

    @Override
    public synchronized List<JournalLine> journal(String name, int lines) {
        List<JournalLine> all = journal.stream().filter(line -> line.unit().equals(name)).toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    @Override
    public Registration follow(String name, int lines, Consumer<JournalLine> listener) {
        journal(name, lines).forEach(listener);
        return () -> {};
    }

    @Override
    public void close() {}
}
