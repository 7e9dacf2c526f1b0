package flotilla.machine.embedded;

import flotilla.machine.process.NotifySocket;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

    ServiceHost(
            InitConfig config,
            Owner owner,
            Journal journal,
            UnitDirectories directories,
            BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.config = config;
        this.owner = owner;
        this.journal = journal;
        this.context = new ProcessContext(config, directories);
        this.events = events;
        this.groups = new GroupWatch(config.machineId(), owner, events);
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
        closeNotify(unit);
    }

    /** A run is over. */
    void release(UnitRuntime unit) {
        closeNotify(unit);
        if (unit.watchdog != null) {
            unit.watchdog.cancel(false);
            unit.watchdog = null;
        }
    }

    private void closeNotify(UnitRuntime unit) {
        if (unit.notify != null) {
            unit.notify.close();
            unit.notify = null;
        }
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
            track(unit, role, spawned.pid());
            if (spawned.output() != null) {
                String identifier = context.identifier(unit.loaded, command.program());
                read(unit.name(), identifier, spawned.pid(), spawned.output());
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
            told.put("NOTIFY_SOCKET", notifySocket(unit).address());
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

    private NotifySocket notifySocket(UnitRuntime unit) throws IOException {
        NotifySocket open = unit.notify;
        if (open == null) {
            String run = unit.invocationId;
            open =
                    NotifySocket.open(
                            "flotilla-notify-" + run,
                            message -> owner.post(() -> notified(unit, run, message)));
            unit.notify = open;
        }
        return open;
    }

    private void notified(UnitRuntime unit, String run, List<String> message) {
        if (!run.equals(unit.invocationId)) {
            return;
        }
        for (String line : message) {
            if (line.startsWith("STATUS=")) {
                unit.statusText = line.substring("STATUS=".length());
            } else if (line.startsWith("MAINPID=") && line.matches("MAINPID=[0-9]{1,9}")) {
                track(unit, Role.MAIN, Long.parseLong(line.substring("MAINPID=".length())));
            } else if (line.equals("WATCHDOG=1")) {
                armWatchdog(unit);
            }
        }
        if (message.contains("READY=1")) {
            armWatchdog(unit);
            events.accept(unit, new ServiceEvent.Ready());
        }
    }

    private void armWatchdog(UnitRuntime unit) {
        Duration limit = unit.loaded.service().orElseThrow().timeouts().watchdog();
        if (unit.watchdog != null) {
            unit.watchdog.cancel(false);
        }
        if (!limit.isZero()) {
            unit.watchdog =
                    owner.after(
                            limit, () -> events.accept(unit, new ServiceEvent.WatchdogExpired()));
        }
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
                        () -> owner.post(() -> notified(unit, run, List.of("READY=1"))),
                        code -> owner.post(() -> builtinEnded(unit, run, code)));
        unit.builtin = started;
        unit.mainPid = self;
        started.begin();
    }

    private void builtinEnded(UnitRuntime unit, String run, int code) {
        if (run.equals(unit.invocationId)) {
            unit.builtin = null;
            unit.mainPid = 0;
            events.accept(unit, new ServiceEvent.Exited(Role.MAIN, Exit.code(code)));
            groups.poll();
        }
    }

    /** Follows a process, our child or one that is about to be (its parent has just ended). */
    private void track(UnitRuntime unit, Role role, long pid) {
        if (role == Role.MAIN) {
            if (unit.mainPid == pid) {
                return;
            }
            unit.mainPid = pid;
        } else {
            unit.controlPid = pid;
        }
        Runnable ended = () -> owner.post(() -> ended(unit, role, pid));
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent()) {
            var _ = handle.get().onExit().thenRun(ended);
        } else {
            ended.run();
        }
    }

    private void ended(UnitRuntime unit, Role role, long pid) {
        OptionalInt status = Spawner.reap(pid);
        Exit exit = status.isPresent() ? Exit.ofWaitStatus(status.getAsInt()) : Exit.code(0);
        boolean current = (role == Role.MAIN ? unit.mainPid : unit.controlPid) == pid;
        if (current && role == Role.MAIN) {
            unit.mainPid = 0;
        } else if (current) {
            unit.controlPid = 0;
        }
        if (current) {
            events.accept(unit, new ServiceEvent.Exited(role, exit));
        }
        groups.poll();
    }

    private void read(String unit, String identifier, long pid, InputStream output) {
        Thread.ofPlatform()
                .daemon()
                .name("log " + unit)
                .start(() -> {
                    try (BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(output, StandardCharsets.UTF_8))) {
                        LineReader.each(
                                lines,
                                Journal.LINE_CHARACTERS_MAX,
                                line -> journal.log(unit, identifier, pid, line));
                    } catch (IOException e) {
                        journal.note(unit, "reading the output of " + pid + ": " + e);
                    }
                });
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
            track(unit, Role.MAIN, pid.getAsInt());
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
