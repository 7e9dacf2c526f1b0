package flotilla.machine.embedded;

import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.JournalLine;
import flotilla.machine.UnitState;
import flotilla.machine.process.ProcessTable;
import flotilla.platform.memory.MemoryBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A machine for tests: an embedded init in a fresh directory, with its own mark. */
final class Machine implements AutoCloseable {
    /** As a local machine's. */
    static final long HEAP_BYTES = 80L << 20;

    final String id;
    final Path root;
    final EmbeddedInit init;

    Machine(Path root) throws IOException {
        this(root, Map.of());
    }

    Machine(Path root, Map<String, BuiltinProgram> builtins) throws IOException {
        this(root, builtins, UUID.randomUUID().toString().replace("-", ""), "boot-1");
    }

    Machine(Path root, Map<String, BuiltinProgram> builtins, String id, String bootId)
            throws IOException {
        this.id = id;
        this.root = root;
        this.init =
                EmbeddedInit.open(
                        new InitConfig(
                                root,
                                "m1",
                                id,
                                bootId,
                                Map.of("A", "1"),
                                builtins,
                                new MemoryBudget(HEAP_BYTES)));
    }

    void unit(String name, String text) throws IOException {
        init.write(UnitDirectory.RUNTIME, name, text);
        reload();
    }

    void reload() {
        init.reload().join();
    }

    /** A service from the lines of its [Service] section. */
    void service(String name, String lines) throws IOException {
        unit(name, "[Service]\n" + lines.replaceAll("; ?(?=[A-Z][A-Za-z]+=)", "\n") + "\n");
    }

    JobResult start(String name) throws Exception {
        return job(JobVerb.START, name);
    }

    JobResult stop(String name) throws Exception {
        return job(JobVerb.STOP, name);
    }

    JobResult job(JobVerb verb, String name) throws Exception {
        return init.job(verb, name).get(20, TimeUnit.SECONDS);
    }

    UnitState state(String name) {
        return Objects.requireNonNull(init.states(List.of(name)).get(name));
    }

    String words(String name) {
        UnitState state = state(name);
        return state.active() + "/" + state.sub() + "/" + state.result();
    }

    void awaitWords(String name, String words) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> words(name), words::equals);
    }

    List<String> lines(String name) {
        try {
            return init.journal().last(name, 1000).stream().map(JournalLine::message).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLine(String name, String line) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> lines(name), lines -> lines.contains(line));
    }

    List<ProcessTable.Entry> processes() {
        return ProcessTable.scan().ofMachine(id);
    }

    @Override
    public void close() {
        init.close();
    }
}
