package flotilla.machine.systemd;

import flotilla.machine.Init;
import flotilla.machine.OwnFile;
import flotilla.machine.UnitDetail;
import flotilla.machine.UnitState;
import flotilla.machine.systemd.bus.Bus;
import flotilla.machine.systemd.bus.BusError;
import flotilla.machine.systemd.ledger.Ledger;
import flotilla.platform.Registration;
import flotilla.units.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd, over its D-Bus interface (org.freedesktop.systemd1(5)). States are put together from
 * what it says, so that to ask for them costs it nothing; only of a unit that it does not have in
 * memory is it asked, once after each reload. To close this ends nothing: units belong to systemd.
 */
public final class SystemdInit implements Init {
    private static final Logger log = LoggerFactory.getLogger(SystemdInit.class);

    /** For a command beside, which does little. */
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    private static final int SIGKILL = 9;

    private final Reach reach;
    private final UnitFolders folders;
    private final Teller teller = new Teller();
    private final Line line;
    private final Reloads reloads;
    private final Permit permit;

    private SystemdInit(Reach reach) {
        this.reach = reach;
        this.folders = new UnitFolders(reach.root());
        this.line = new Line(reach.socket(), teller::tell);
        this.reloads = new Reloads(this::readAll);
        this.permit = new Permit(reach, this::reload);
    }

    /**
     * Connects to systemd, and stays connected: when its bus is lost, it connects anew.
     *
     * @throws IOException when no systemd can be reached; the caller needs root's rights
     */
    public static SystemdInit open(Reach reach) throws IOException {
        SystemdInit init = new SystemdInit(reach);
        init.teller.start();
        try {
            init.line.open();
        } catch (IOException | RuntimeException e) {
            init.close();
            throw e;
        }
        return init;
    }

    // Files

    @Override
    public void write(UnitDirectory directory, String name, String content) throws IOException {
        folders.write(directory, name, content);
    }

    @Override
    public void remove(UnitDirectory directory, String name) throws IOException {
        folders.remove(directory, name);
    }

    @Override
    public Optional<String> read(UnitDirectory directory, String name) throws IOException {
        return folders.read(directory, name);
    }

    @Override
    public List<OwnFile> own(UnitDirectory directory) throws IOException {
        return folders.own(directory);
    }

    @Override
    public CompletableFuture<Void> reload() {
        return reloads.ask();
    }

    private void readAll() throws IOException {
        line.bus().reload();
        line.list();
    }

    @Override
    public void enable(String name, UnitDirectory directory) throws IOException {
        boolean runtime = directory == UnitDirectory.RUNTIME;
        line.bus()
                .run("enabling " + name, its -> its.enableUnitFiles(List.of(name), runtime, true));
    }

    /** By hand: systemd's own disabling removes the link of a unit whose file is elsewhere too. */
    @Override
    public void disable(String name, UnitDirectory directory) throws IOException {
        folders.unlink(directory, name);
    }

    @Override
    public void mask(String name, UnitDirectory directory) throws IOException {
        boolean runtime = directory == UnitDirectory.RUNTIME;
        line.bus().run("masking " + name, its -> its.maskUnitFiles(List.of(name), runtime, true));
        readAll();
    }

    @Override
    public void unmask(String name, UnitDirectory directory) throws IOException {
        boolean runtime = directory == UnitDirectory.RUNTIME;
        line.bus().run("unmasking " + name, its -> its.unmaskUnitFiles(List.of(name), runtime));
        readAll();
    }

    /** By systemctl, which knows of each property what it is on the bus. */
    @Override
    public void set(String name, Map<String, String> properties) throws IOException {
        List<String> command = new ArrayList<>(List.of("systemctl", "set-property", "--runtime"));
        command.addAll(List.of("--", name));
        new TreeMap<>(properties).forEach((key, value) -> command.add(key + "=" + value));
        String _ = reach.need(command, COMMAND_LIMIT);
    }

    // Jobs

    @Override
    public CompletableFuture<JobResult> job(JobVerb verb, String name) {
        String method =
                switch (verb) {
                    case START -> "startUnit";
                    case STOP -> "stopUnit";
                    case RESTART -> "restartUnit";
                    case RELOAD -> "reloadUnit";
                    case TRY_RESTART -> "tryRestartUnit";
                    case RELOAD_OR_RESTART -> "reloadOrRestartUnit";
                    case RELOAD_OR_TRY_RESTART -> "reloadOrTryRestartUnit";
                };
        if (verb != JobVerb.STOP && permit.forbids(name)) {
            return CompletableFuture.completedFuture(JobResult.CANCELED);
        }
        Line.Ordered told = line.job(method, name, SystemdInit::refused);
        CompletableFuture<JobResult> result =
                told.result()
                        .copy()
                        .completeOnTimeout(
                                JobResult.UNKNOWN, JOB_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        var _ =
                result.whenComplete((_, _) -> {
                    if (!told.result().isDone()) {
                        line.giveUp(told);
                    }
                });
        return result;
    }

    private static JobResult refused(IOException e) {
        log.info("systemd has no such job: {}", e.getMessage());
        if (!(e instanceof BusError error) || error.isUnknown()) {
            return JobResult.UNKNOWN;
        }
        boolean notLoaded =
                error.isSystemds(
                        "NoSuchUnit", "LoadFailed", "BadUnitSetting", "UnitMasked", "UnitError");
        return notLoaded
                ? JobResult.NOT_LOADED
                : error.isSystemds("TransactionIsDestructive")
                        ? JobResult.CANCELED
                        : JobResult.FAILED;
    }

    @Override
    public void kill(String name) throws IOException {
        try {
            line.bus().run("killing " + name, its -> its.killUnit(name, "all", SIGKILL));
        } catch (BusError e) {
            if (!e.isSystemds("NoSuchUnit", "NoSuchProcess")) {
                throw e;
            }
        }
    }

    @Override
    public CompletableFuture<String> probe(String name, String command, Duration limit) {
        CompletableFuture<String> problem = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("probe " + name)
                .start(() -> {
                    try {
                        Map<String, Object> service = line.bus().properties(name, "Service");
                        problem.complete(new Beside(reach, name).run(command, service, limit));
                    } catch (IOException | RuntimeException e) {
                        problem.complete(String.valueOf(e.getMessage()));
                    }
                });
        return problem;
    }

    @Override
    public boolean permit(Set<String> units, Duration time) {
        try {
            permit.say(units, time);
            return true;
        } catch (IOException e) {
            log.error("systemd can't be told how long units may run: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void resetFailed(String name) throws IOException {
        try {
            line.bus().run("resetting " + name, its -> its.resetFailedUnit(name));
            line.list(List.of(name));
        } catch (BusError e) {
            if (!e.isSystemds("NoSuchUnit")) {
                throw e;
            }
        }
    }

    // States

    @Override
    public Map<String, UnitState> states(Collection<String> names) throws IOException {
        if (!line.ask(Ledger::isKnown)) {
            line.list();
        }
        Map<String, UnitState> states = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            if (UnitName.problem(name).isPresent()) {
                states.put(name, UnitState.notFound(name));
            } else if (line.ask(its -> its.state(name)).isEmpty()) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            line.list(unknown);
        }
        for (String name : names) {
            if (!states.containsKey(name)) {
                UnitState state = line.ask(its -> its.state(name)).orElse(UnitState.notFound(name));
                states.put(name, state.result().isEmpty() ? withResult(state) : state);
            }
        }
        return states;
    }

    /** One that failed before it was listened to. */
    private UnitState withResult(UnitState state) throws IOException {
        UnitState full = Detail.of(line.bus(), reach.root(), state.name()).state();
        line.ask(its -> {
            its.learn(state.name(), full.mainPid(), full.result());
            return true;
        });
        return full;
    }

    @Override
    public List<UnitState> list() throws IOException {
        if (!line.ask(Ledger::isKnown)) {
            line.list();
        }
        return line.ask(Ledger::all);
    }

    @Override
    public UnitDetail show(String name) throws IOException {
        Bus bus = line.bus();
        return UnitName.problem(name).isPresent()
                ? Detail.none(name)
                : Detail.of(bus, reach.root(), name);
    }

    @Override
    public Registration subscribe(Consumer<Set<String>> listener) {
        return teller.subscribe(listener);
    }

    @Override
    public String status(String name) throws IOException {
        return reach.run(
                        List.of("systemctl", "status", "--no-pager", "--full", "--", name),
                        COMMAND_LIMIT)
                .text();
    }

    @Override
    public void close() {
        line.close();
        teller.close();
    }
}
