package flotilla.machine.embedded;

import flotilla.machine.Init;
import flotilla.machine.Journal;
import flotilla.machine.OwnFile;
import flotilla.machine.UnitDetail;
import flotilla.machine.UnitState;
import flotilla.machine.job.Job.Kind;
import flotilla.machine.process.Leftovers;
import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Reaper;
import flotilla.machine.process.Spawner;
import flotilla.machine.service.ExecCommand;
import flotilla.platform.Clock;
import flotilla.platform.Registration;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The init of a machine that has no systemd: a supervisor for unit files as this user. Processes
 * run on the host's file system; unit files, journals and run-time state are below the root.
 * Directives that it does not honour it names in the unit's journal and status. Nothing is started
 * by {@link #open}: start {@code multi-user.target} to boot.
 */
public final class EmbeddedInit implements Init {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedInit.class);

    /** How long all units together may take to stop when the machine goes down, in seconds. */
    private static final long CLOSE_SECONDS_MAX = 15;

    /** Lines of log in a status, as systemctl's default. */
    private static final int STATUS_LINES = 10;

    private final InitConfig config;
    private final UnitDirectories directories;
    private final Enablement enablement;
    private final JournalFiles journal;
    private final Owner owner;
    private final Reaper reaper;
    private final Supervisor supervisor;
    private final StateBoard board = new StateBoard();
    private boolean closed;

    private EmbeddedInit(InitConfig config, Clock clock) {
        Site site = Site.of(config);
        this.config = config;
        this.directories = site.directories();
        this.enablement = new Enablement(directories);
        this.journal = site.journal();
        this.owner = site.owner();
        this.reaper = site.reaper();
        this.supervisor = new Supervisor(site, clock, board::say);
    }

    /**
     * Opens a machine: kills what an earlier process of it left running, clears run/ if the boot id
     * is new, and loads all unit files.
     *
     * @throws IOException when the root can't be prepared or read
     */
    public static EmbeddedInit open(InitConfig config) throws IOException {
        try {
            int killed = Leftovers.kill(config.machineId());
            if (killed > 0) {
                LOG.info("killed {} processes left of machine {}", killed, config.machineId());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening machine " + config.machineId(), e);
        }
        boot(config);
        Spawner.adoptOrphans();
        EmbeddedInit init = new EmbeddedInit(config, Clock.system());
        init.readAll();
        return init;
    }

    private static void boot(InitConfig config) throws IOException {
        Path run = config.root().resolve("run");
        Path mark = run.resolve("boot-id");
        // A mark that can't be read is not of this boot either.
        boolean same =
                Files.isRegularFile(mark)
                        && Files.readString(mark, StandardCharsets.ISO_8859_1)
                                .equals(config.bootId());
        if (Files.exists(mark) && !same) {
            Disk.deleteTree(run);
        }
        Files.createDirectories(run);
        AtomicFile.at(mark).unsynced().replace(config.bootId());
    }

    @Override
    public void write(UnitDirectory directory, String name, String content) throws IOException {
        directories.write(directory, name, content);
    }

    @Override
    public void remove(UnitDirectory directory, String name) throws IOException {
        directories.remove(directory, name);
    }

    @Override
    public Optional<String> read(UnitDirectory directory, String name) throws IOException {
        return directories.read(directory, name);
    }

    /** Everything below the root is this machine's own. */
    @Override
    public List<OwnFile> own(UnitDirectory directory) throws IOException {
        return directories.own(directory);
    }

    @Override
    public CompletableFuture<Void> reload() {
        CompletableFuture<Void> read = new CompletableFuture<>();
        boolean taken =
                owner.post(() -> {
                    try {
                        supervisor.reload();
                        read.completeAsync(() -> null);
                    } catch (IOException | RuntimeException | StackOverflowError e) {
                        read.completeExceptionally(notReloaded(e.toString()));
                    }
                });
        if (!taken) {
            read.completeExceptionally(notReloaded("the machine is down"));
        }
        return read;
    }

    private IOException notReloaded(String why) {
        return new IOException("reloading the units of " + config.root() + ": " + why);
    }

    private void readAll() throws IOException {
        String failure =
                owner.ask(
                        () -> {
                            try {
                                supervisor.reload();
                                return "";
                            } catch (IOException e) {
                                return e.toString();
                            }
                        },
                        "the machine is down");
        if (!failure.isEmpty()) {
            throw notReloaded(failure);
        }
    }

    @Override
    public void enable(String name, UnitDirectory directory) throws IOException {
        enablement.enable(name, directory);
    }

    @Override
    public void disable(String name, UnitDirectory directory) throws IOException {
        directories.unlink(directory, name);
    }

    @Override
    public void mask(String name, UnitDirectory directory) throws IOException {
        directories.mask(directory, name);
        readAll();
    }

    @Override
    public void unmask(String name, UnitDirectory directory) throws IOException {
        directories.unmask(directory, name);
        readAll();
    }

    @Override
    public void set(String name, Map<String, String> properties) throws IOException {
        throw new IOException(
                "the embedded init has no limits that could be set while %s runs: write them into its file"
                        .formatted(name));
    }

    @Override
    public CompletableFuture<JobResult> job(JobVerb verb, String name) {
        CompletableFuture<JobResult> result = new CompletableFuture<>();
        boolean taken =
                owner.post(() -> {
                    // Elsewhere than on the owner's thread: the caller's code may block.
                    try {
                        var _ =
                                request(verb, name)
                                        .whenCompleteAsync((done, failure) -> {
                                            if (failure == null) {
                                                result.complete(done);
                                            } else {
                                                result.completeExceptionally(failure);
                                            }
                                        });
                    } catch (RuntimeException | StackOverflowError e) {
                        LOG.error("the job {} of {} failed inside the init", verb, name, e);
                        result.completeExceptionally(e);
                    }
                });
        if (!taken) {
            result.complete(JobResult.CANCELED);
        }
        return result.completeOnTimeout(
                JobResult.UNKNOWN, JOB_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<JobResult> request(JobVerb verb, String name) {
        UnitRuntime unit = supervisor.unit(name);
        boolean reloads =
                unit.isActive()
                        && unit.loaded
                                .service()
                                .filter(service -> !service.commands("ExecReload").isEmpty())
                                .isPresent();
        Kind kind =
                switch (verb) {
                    case START -> Kind.START;
                    case STOP -> Kind.STOP;
                    case RESTART, TRY_RESTART -> Kind.RESTART;
                    case RELOAD -> Kind.RELOAD;
                    case RELOAD_OR_RESTART, RELOAD_OR_TRY_RESTART ->
                            reloads ? Kind.RELOAD : Kind.RESTART;
                };
        boolean onlyIfUp = verb == JobVerb.TRY_RESTART || verb == JobVerb.RELOAD_OR_TRY_RESTART;
        if (onlyIfUp && !unit.isUp()) {
            return CompletableFuture.completedFuture(JobResult.DONE);
        }
        if (kind == Kind.RELOAD && !reloads) {
            return CompletableFuture.completedFuture(JobResult.FAILED);
        }
        return supervisor.request(kind, name);
    }

    @Override
    public void kill(String name) {
        owner.post(() -> supervisor.kill(name));
    }

    @Override
    public CompletableFuture<String> probe(String name, String line, Duration limit) {
        return owner.ask(
                () -> {
                    UnitRuntime unit = supervisor.unit(name);
                    List<ExecCommand> commands = ExecCommand.parse(line, unit.loaded.specifiers());
                    return commands.isEmpty()
                            ? CompletableFuture.completedFuture("no command: " + line)
                            : supervisor.host().probe(unit, commands.getFirst(), limit);
                },
                CompletableFuture.completedFuture("the machine is down"));
    }

    @Override
    public boolean permit(Set<String> names, Duration time) {
        owner.post(() -> supervisor.permit(names, time));
        return true;
    }

    @Override
    public void resetFailed(String name) {
        owner.ask(
                () -> {
                    supervisor.resetFailed(name);
                    return true;
                },
                false);
    }

    @Override
    public Map<String, UnitState> states(Collection<String> names) {
        return owner.ask(
                () -> {
                    Map<String, UnitState> all = new LinkedHashMap<>();
                    names.forEach(name -> all.put(name, supervisor.unit(name).state()));
                    return all;
                },
                Map.of());
    }

    @Override
    public List<UnitState> list() {
        return board.list();
    }

    @Override
    public UnitDetail show(String name) {
        return owner.ask(
                () -> {
                    UnitRuntime unit = supervisor.unit(name);
                    int processes = unit.isOver() ? 0 : supervisor.host().members(unit).size();
                    return Details.of(unit, processes, directories.find(name));
                },
                Details.unknown(name));
    }

    @Override
    public Registration subscribe(Consumer<Set<String>> listener) {
        return eachState(state -> listener.accept(Set.of(state.name())));
    }

    /** Every change of every unit, in order. */
    Registration eachState(Consumer<UnitState> listener) {
        return board.listen(listener);
    }

    @Override
    public String status(String name) {
        return owner.ask(
                () -> {
                    UnitRuntime unit = supervisor.unit(name);
                    if (unit.loaded.load().equals("not-found") && unit.isOver()) {
                        return "Unit " + name + " could not be found.\n";
                    }
                    List<ProcessTable.Entry> processes =
                            unit.isOver() ? List.of() : supervisor.host().members(unit);
                    return StatusText.of(
                            unit,
                            new StatusText.Around(
                                    config.hostname(),
                                    config.root(),
                                    directories.isEnabled(name),
                                    Instant.now(),
                                    processes,
                                    journal.last(name, STATUS_LINES)));
                },
                "The machine is down.\n");
    }

    /** What the units of this machine log; read until the init is closed. */
    public Journal journal() {
        return journal;
    }

    /** Stops all units in order, then kills whatever is left; takes 15 seconds at most. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            CompletableFuture<?> stopped =
                    owner.ask(supervisor::stopAll, CompletableFuture.completedFuture(null));
            stopped.get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("units of {} do not stop in time; they are killed", config.hostname());
        } catch (ExecutionException e) {
            LOG.warn("stopping the units of {}", config.hostname(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        owner.ask(
                () -> {
                    supervisor.cancelJobs();
                    return true;
                },
                false);
        owner.close();
        boolean interrupted = Thread.interrupted();
        try {
            Leftovers.kill(config.machineId());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        reaper.close();
        journal.close();
    }
}
