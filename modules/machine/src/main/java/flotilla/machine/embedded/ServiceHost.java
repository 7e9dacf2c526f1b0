package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Spawner;
import flotilla.machine.service.ExecCommand;
import flotilla.machine.service.Exit;
import flotilla.machine.service.ServiceAction;
import flotilla.machine.service.ServiceConfig;
import flotilla.machine.service.ServiceEvent;
import flotilla.machine.service.ServiceEvent.Role;
import flotilla.machine.service.ServiceType;
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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what the service machine decides: processes, signals, timers, the notify socket. Runs on the
 * owner's thread and answers with events, later, on the same thread.
 */
final class ServiceHost {
    private final InitConfig config;
    private final Owner owner;
    private final Journal journal;
    private final ProcessContext context;
    private final Spawner spawner = new Spawner();
    private final BiConsumer<UnitRuntime, ServiceEvent> events;
    private final GroupWatch groups;
    private final ProcessWatch processes;
    private final Notifications notifications;

    ServiceHost(Site site, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.config = site.config();
        this.owner = site.owner();
        this.journal = site.journal();
        this.context = new ProcessContext(config, site.directories());
        this.events = events;
        this.groups = new GroupWatch(config.machineId(), owner, events);
        this.processes = new ProcessWatch(owner, groups, events);
        this.notifications = new Notifications(owner, processes, events);
    }

    void perform(UnitRuntime unit, ServiceAction action) {
        switch (action) {
            case ServiceAction.Spawn(Role role, ExecCommand command) -> spawn(unit, role, command);
            case ServiceAction.Signal signal -> signal(unit, signal);
            case ServiceAction.Arm(Duration after) -> arm(unit, after);
            case ServiceAction.Disarm _ -> arm(unit, TimeSpan.INFINITE);
            case ServiceAction.FindMain _ -> findMain(unit, Duration.ofMillis(5));
            case ServiceAction.WatchGroup _ -> groups.watch(unit);
            case ServiceAction.Log(String message) ->
                    journal.note(unit.name(), unit.name() + ": " + message);
        }
    }

    /** A new run begins. */
    void prepare(UnitRuntime unit) {
        unit.invocationId = UUID.randomUUID().toString().replace("-", "");
        unit.statusText = "";
        unit.sessions.clear();
        notifications.close(unit);
    }

    /** A run is over. */
    void release(UnitRuntime unit) {
        notifications.release(unit);
    }

    private void spawn(UnitRuntime unit, Role role, ExecCommand command) {
        try {
            Map<String, String> environment = context.environment(unit.loaded, told(unit, role));
            List<String> arguments = command.arguments(environment);
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
                            context.workingDirectory(unit.loaded),
                            context.output(unit.loaded),
                            context.umask(unit.loaded),
                            context.user(unit.loaded, command.privileged()));
            Spawner.Spawned spawned = spawner.spawn(full);
            unit.sessions.add(spawned.pid());
            processes.follow(unit, role, spawned.pid());
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
        boolean listens =
                service.type() == ServiceType.NOTIFY
                        || !watchdog.isZero()
                        || unit.loaded.file().option("Service", "NotifyAccess").isPresent();
        if (listens) {
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
            Exit last = unit.service.lastMain();
            told.put("SERVICE_RESULT", unit.service.result().word());
            told.put("EXIT_CODE", last.signalled() ? "killed" : "exited");
            told.put(
                    "EXIT_STATUS",
                    last.signalled() ? Signals.name(last.number()) : "" + last.number());
        }
        return told;
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
            case CONTROL -> send(unit.controlPid, signal.signal());
            case MAIN -> {
                send(builtin == null ? unit.mainPid : 0, signal.signal());
                send(unit.controlPid, signal.signal());
            }
            case GROUP ->
                    groups.members(unit).stream()
                            .mapToLong(ProcessTable.Entry::pid)
                            .forEach(pid -> send(pid, signal.signal()));
        }
    }

    /** A stopped process must be continued, or it never gets the signal (systemd.kill(5)). */
    private static void send(long pid, int signal) {
        if (pid != 0 && pid != ProcessHandle.current().pid()) {
            Spawner.kill(pid, signal);
            if (signal != Signals.KILL) {
                Spawner.kill(pid, Signals.CONT);
            }
        }
    }

    private void arm(UnitRuntime unit, Duration after) {
        if (unit.timer != null) {
            unit.timer.cancel(false);
            unit.timer = null;
        }
        // A timer that has fired but not run yet can't be cancelled any more: it is told by its
        // turn.
        long turn = ++unit.timerTurn;
        if (after.compareTo(TimeSpan.INFINITE) < 0) {
            unit.timer =
                    owner.after(
                            after,
                            () -> {
                                if (unit.timerTurn == turn) {
                                    events.accept(unit, new ServiceEvent.Timeout());
                                }
                            });
        }
    }

    /** Asks again until the daemon is there; the phase's own timer ends the search. */
    private void findMain(UnitRuntime unit, Duration again) {
        if (!unit.service.phase().sub().equals("start")) {
            return;
        }
        Optional<List<Path>> pidFiles = context.pidFiles(unit.loaded);
        List<ProcessTable.Entry> members = groups.members(unit);
        OptionalInt pid =
                pidFiles.isPresent() ? PidFile.read(pidFiles.get()) : PidFile.guess(members);
        if (pid.isPresent()) {
            processes.follow(unit, Role.MAIN, pid.getAsInt());
            events.accept(unit, new ServiceEvent.MainFound(true));
        } else if (pidFiles.isEmpty() || members.isEmpty()) {
            journal.note(unit.name(), unit.name() + ": no daemon was left behind by its parent");
            events.accept(unit, new ServiceEvent.MainFound(false));
        } else {
            var _ = owner.after(again, () -> findMain(unit, again.multipliedBy(2)));
        }
    }

    /** All processes of a unit, for people. */
    List<ProcessTable.Entry> members(UnitRuntime unit) {
        return groups.members(unit);
    }
}
