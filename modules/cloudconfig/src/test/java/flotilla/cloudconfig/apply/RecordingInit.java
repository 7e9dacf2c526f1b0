package flotilla.cloudconfig.apply;

import flotilla.machine.Init;
import flotilla.machine.JournalLine;
import flotilla.machine.UnitState;
import flotilla.platform.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An init that does nothing but remember what it was told; every job ends alike. */
class RecordingInit implements Init {
    private final JobResult result;
    private final List<String> calls = new ArrayList<>();

    RecordingInit(JobResult result) {
        this.result = result;
    }

    List<String> calls() {
        return calls;
    }

    @Override
    public void write(UnitDirectory directory, String name, String content) {
        calls.add("write " + directory + " " + name);
    }

    @Override
    public void remove(UnitDirectory directory, String name) {
        calls.add("remove " + name);
    }

    @Override
    public void reload() {
        calls.add("reload");
    }

    @Override
    public void enable(String name, UnitDirectory directory) {
        calls.add("enable " + name);
    }

    @Override
    public void mask(String name, UnitDirectory directory) {
        calls.add("mask " + name);
    }

    @Override
    public void unmask(String name, UnitDirectory directory) {
        calls.add("unmask " + name);
    }

    @Override
    public CompletableFuture<JobResult> job(JobVerb verb, String name) {
        calls.add(verb + " " + name);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public void resetFailed(String name) {
        calls.add("reset-failed " + name);
    }

    @Override
    public Map<String, UnitState> states(Collection<String> names) {
        return Map.of();
    }

    @Override
    public List<UnitState> list() {
        return List.of();
    }

    @Override
    public Registration subscribe(Consumer<UnitState> listener) {
        return () -> {};
    }

    @Override
    public Optional<String> read(UnitDirectory directory, String name) {
        return Optional.empty();
    }

    @Override
    public void kill(String name) {}

    @Override
    public CompletableFuture<String> probe(String name, String line, Duration limit) {
        return CompletableFuture.completedFuture("");
    }

    @Override
    public boolean permit(Set<String> units, Duration time) {
        return false;
    }

    @Override
    public String status(String name) {
        return name;
    }

    @Override
    public List<JournalLine> journal(String name, int lines) {
        return List.of();
    }

    @Override
    public Registration follow(String name, int lines, Consumer<JournalLine> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
