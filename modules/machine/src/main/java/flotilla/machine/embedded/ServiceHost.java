package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Spawner;
import flotilla.machine.service.ExecCommand;
import flotilla.machine.service.Exit;
import flotilla.machine.service.Phase;
import flotilla.machine.service.ServiceAction;
import flotilla.machine.service.ServiceConfig;
import flotilla.machine.service.ServiceEvent;
import flotilla.machine.service.ServiceEvent.Daemon;
import flotilla.machine.service.ServiceEvent.Role;
import flotilla.machine.service.Signals;
import flotilla.units.TimeSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what the service machine decides: processes, signals, timers, the notify socket. Runs on the
 * owner's thread and answers with events, later, on the same thread.
 */
final class ServiceHost {
    private static final String TOO_LONG = " are too long with its variables in place";

    private final InitConfig config;
    private final Owner owner;
    private final JournalFiles journal;
    private final ProcessContext context;
    private final Spawner spawner = new Spawner();
    private final BiConsumer<UnitRuntime, ServiceEvent> events;
    private final GroupWatch groups;
    private final ProcessWatch processes;
    private final Notifications notifications;
    private final UnitTimers timers;

    ServiceHost(Site site, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.config = site.config();
        this.owner = site.owner();
        this.journal = site.journal();
        this.context = new ProcessContext(site);
        this.events = events;
        this.groups = new GroupWatch(site, events);
        this.processes = new ProcessWatch(owner, groups, events);
        this.timers = new UnitTimers(owner, events);
        this.notifications = new Notifications(site, processes, timers, events);
    }

    void perform(UnitRuntime unit, ServiceAction action) {
        switch (action) {
            case ServiceAction.Spawn(Role role, ExecCommand command) -> spawn(unit, role, command);
            case ServiceAction.Signal signal -> signal(unit, signal);
            case ServiceAction.Arm(Duration after) -> timers.arm(unit, after);
            case ServiceAction.Disarm _ -> timers.arm(unit, TimeSpan.INFINITE);
            case ServiceAction.StartWatchdog _ -> notifications.armWatchdog(unit);
            case ServiceAction.FindMain _ -> seekMain(unit);
            case ServiceAction.WatchGroup _ -> groups.watch(unit);
            case ServiceAction.Log(String message) ->
                    journal.note(unit.name(), unit.name() + ": " + message);
        }
    }

    /** A new run begins. */
    void prepare(UnitRuntime unit) {
        unit.invocationId = UUID.randomUUID().toString().replace("-", "");
        unit.statusText = "";
        unit.complaints = 0;
        unit.sessions.clear();
        notifications.close(unit);
    }

    /** A run is over: what it leaves is no longer the unit's. */
    void release(UnitRuntime unit) {
        notifications.release(unit);
        if (unit.builtin == null) {
            unit.mainPid = 0;
            unit.controlPid = 0;
        }
        try {
            for (Path file : context.pidFiles(unit.loaded).orElse(List.of())) {
                PidFile.remove(file);
            }
        } catch (IOException e) {
            journal.note(unit.name(), unit.name() + ": Failed to remove its PID file: " + e);
        }
    }

    private void spawn(UnitRuntime unit, Role role, ExecCommand command) {
        Map<String, String> environment;
        Path directory;
        try {
            environment = context.environment(unit.loaded, told(unit, role));
            directory = context.workingDirectory(unit.loaded);
        } catch (IOException e) {
            journal.note(unit.name(), unit.name() + ": " + e.getMessage());
            owner.post(() -> events.accept(unit, new ServiceEvent.Refused(role)));
            return;
        }
        try {
            Optional<List<String>> expanded = command.arguments(environment);
            if (expanded.isEmpty()) {
                refuse(unit, role, Exit.EXEC, "The arguments of " + command.program() + TOO_LONG);
                return;
            }
            List<String> arguments = expanded.get();
            BuiltinProgram builtin = config.builtins().get(command.program());
            if (builtin != null && role == Role.MAIN) {
                startBuiltin(unit, builtin, arguments, environment);
                return;
            }
            Spawner.Command full =
                    new Spawner.Command(
                            arguments,
                            command.argv0(),
                            environment,
                            directory,
                            context.output(unit.loaded),
                            context.umask(unit.loaded),
                            context.identity(unit.loaded, command.privileged()));
            Spawner.Spawned spawned = spawner.spawn(full);
            groups.started(unit, spawned.pid());
            processes.follow(unit, role, spawned.pid());
            if (role == Role.MAIN) {
                owner.post(() -> executed(unit, spawned.pid()));
            }
            if (spawned.output() != null) {
                String identifier = context.identifier(unit.loaded, command.program());
                journal.collect(unit.name(), identifier, spawned.pid(), spawned.output());
            }
        } catch (Spawner.SpawnException e) {
            refuse(unit, role, e.exitCode(), e.getMessage());
        } catch (IOException e) {
            refuse(unit, role, Exit.USER, e.getMessage());
        }
    }

    /**
     * Runs a command in what the unit's own processes run in; what keeps it from running is said at
     * once.
     */
    CompletableFuture<String> probe(UnitRuntime unit, ExecCommand command, Duration limit) {
        try {
            Map<String, String> told = new HashMap<>();
            told.put("INVOCATION_ID", unit.invocationId);
            if (unit.mainPid != 0 && unit.builtin == null) {
                told.put("MAINPID", String.valueOf(unit.mainPid));
            }
            Map<String, String> environment = context.environment(unit.loaded, told);
            Optional<List<String>> arguments = command.arguments(environment);
            if (arguments.isEmpty()) {
                return CompletableFuture.completedFuture(
                        "The arguments of " + command.program() + TOO_LONG);
            }
            Spawner.Spawned spawned =
                    spawner.spawn(
                            new Spawner.Command(
                                    arguments.get(),
                                    command.argv0(),
                                    environment,
                                    context.workingDirectory(unit.loaded),
                                    new Spawner.Output.Pipe(),
                                    context.umask(unit.loaded),
                                    context.identity(unit.loaded, command.privileged())));
            groups.started(unit, spawned.pid());
            return ProbeRun.of(owner, spawned, limit);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a program can be executed was looked at before its process was made. */
    private void executed(UnitRuntime unit, long pid) {
        if (unit.mainPid == pid) {
            events.accept(unit, new ServiceEvent.Executed());
        }
    }

    private void refuse(UnitRuntime unit, Role role, int code, @Nullable String why) {
        journal.note(unit.name(), unit.name() + ": " + why);
        owner.post(() -> events.accept(unit, new ServiceEvent.Exited(role, Exit.code(code))));
    }

    /** What the init tells a process by its environment (systemd.exec(5)). */
    private Map<String, String> told(UnitRuntime unit, Role role) throws IOException {
        Map<String, String> told = new HashMap<>();
        told.put("INVOCATION_ID", unit.invocationId);
        ServiceConfig service = unit.loaded.service().orElseThrow();
        Duration watchdog = service.timeouts().watchdog();
        if (NotifyAccess.of(unit.loaded) != NotifyAccess.NONE) {
            told.put("NOTIFY_SOCKET", notifications.address(unit));
        }
        if (!watchdog.isZero() && role == Role.MAIN) {
            told.put("WATCHDOG_USEC", String.valueOf(watchdog.toNanos() / 1000));
        }
        // A builtin's process is the machine itself: no unit may get to signal that.
        if (role == Role.CONTROL && unit.mainPid != 0 && unit.builtin == null) {
            told.put("MAINPID", String.valueOf(unit.mainPid));
        }
        if (unit.service.phase().isStopping()) {
            told.put("SERVICE_RESULT", unit.service.result().word());
            unit.service.lastMain().ifPresent(last -> ended(last, told));
        }
        return told;
    }

    private static void ended(Exit last, Map<String, String> told) {
        String how = last.dumped() ? "dumped" : last.signalled() ? "killed" : "exited";
        told.put("EXIT_CODE", how);
        told.put(
                "EXIT_STATUS", last.signalled() ? Signals.name(last.number()) : "" + last.number());
    }

    private void startBuiltin(
            UnitRuntime unit,
            BuiltinProgram program,
            List<String> arguments,
            Map<String, String> environment) {
        long self = ProcessHandle.current().pid();
        String identifier = context.identifier(unit.loaded, arguments.getFirst());
        BuiltinContext given =
                new BuiltinContext(
                        arguments.subList(1, arguments.size()),
                        environment,
                        config.root(),
                        line -> journal.log(unit.name(), identifier, self, line));
        String run = unit.invocationId;
        BuiltinRun started =
                new BuiltinRun(
                        unit.name(),
                        program,
                        given,
                        new BuiltinRun.Listener(
                                () -> owner.post(() -> builtinReady(unit, run)),
                                code -> owner.post(() -> builtinEnded(unit, run, code))));
        unit.builtin = started;
        unit.mainPid = self;
        started.begin();
    }

    private void builtinReady(UnitRuntime unit, String run) {
        notifications.told(unit, run, List.of("READY=1"));
    }

    private void builtinEnded(UnitRuntime unit, String run, int code) {
        if (run.equals(unit.invocationId)) {
            unit.builtin = null;
            unit.mainPid = 0;
            events.accept(unit, new ServiceEvent.Exited(Role.MAIN, Exit.code(code)));
            groups.poll();
        }
    }

    private void signal(UnitRuntime unit, ServiceAction.Signal signal) {
        BuiltinRun builtin = unit.builtin;
        if (builtin != null && signal.target() != ServiceAction.Target.CONTROL) {
            if (signal.signal() == Signals.KILL) {
                builtin.abandon();
            } else {
                builtin.stop();
            }
        }
        switch (signal.target()) {
            case CONTROL -> send(unit.controlPid, signal);
            case MAIN -> {
                send(builtin == null ? unit.mainPid : 0, signal);
                send(unit.controlPid, signal);
            }
            case GROUP ->
                    groups.members(unit).stream()
                            .mapToLong(ProcessTable.Entry::pid)
                            .forEach(pid -> send(pid, signal));
        }
    }

    /** A stopped process must be continued, or it never gets the signal (systemd.kill(5)). */
    private static void send(long pid, ServiceAction.Signal signal) {
        if (pid != 0 && pid != ProcessHandle.current().pid()) {
            Spawner.kill(pid, signal.signal());
            if (signal.hangUp()) {
                Spawner.kill(pid, Signals.HUP);
            }
            if (signal.signal() != Signals.KILL) {
                Spawner.kill(pid, Signals.CONT);
            }
        }
    }

    /** Not at once: the caller is in the middle of a step. */
    private void seekMain(UnitRuntime unit) {
        String run = unit.invocationId;
        owner.post(() -> {
            if (run.equals(unit.invocationId)) {
                findMain(unit, PollInterval.FIRST);
            }
        });
    }

    /** Asks again until the daemon is there; the phase's own timer ends the search. */
    private void findMain(UnitRuntime unit, PollInterval interval) {
        if (unit.service.phase() != Phase.START) {
            return;
        }
        Optional<List<Path>> pidFiles = context.pidFiles(unit.loaded);
        List<ProcessTable.Entry> members = groups.members(unit);
        boolean guesses = unit.loaded.file().flag("Service", "GuessMainPID", true);
        OptionalInt pid = OptionalInt.empty();
        if (pidFiles.isPresent()) {
            pid = PidFile.read(pidFiles.get(), named -> groups.mayBeMain(unit, named));
        } else if (guesses) {
            pid = PidFile.guess(members);
        }
        if (pid.isPresent()) {
            processes.follow(unit, Role.MAIN, pid.getAsInt());
            events.accept(unit, new ServiceEvent.Searched(Daemon.FOUND));
        } else if (pidFiles.isEmpty()) {
            events.accept(unit, new ServiceEvent.Searched(Daemon.UNKNOWN));
        } else if (members.isEmpty()) {
            journal.note(unit.name(), unit.name() + ": no daemon was left behind by its parent");
            events.accept(unit, new ServiceEvent.Searched(Daemon.MISSING));
        } else {
            var _ = owner.after(interval.length(), () -> findMain(unit, interval.next()));
        }
    }

    /** All processes of a unit, for people. */
    List<ProcessTable.Entry> members(UnitRuntime unit) {
        return groups.members(unit);
    }
}
