package flotilla.machine.service;

import flotilla.machine.service.ServiceAction.Target;
import flotilla.machine.service.ServiceConfig.KillMode;
import flotilla.machine.service.ServiceEvent.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of a service: (state, event) -> state and actions, after systemd.service(5).
 *
 * <pre>
 * from            on                         to
 * dead failed     Start                      start-pre, or failed (start-limit-hit)
 * start-pre       command ended well         next command, then start
 * start           simple, exec: spawned      start-post
 *                 notify: READY=1            start-post; main ended first: stop-sigterm (protocol)
 *                 forking: parent ended      start-post when the daemon is found, else stop-sigterm
 *                 oneshot: command ended     next command, then start-post
 * start-post      commands ended well        running; exited if RemainAfterExit=; else stop
 * start-*         command failed, Timeout    stop-sigterm (ExecStop= is for what was up)
 * running         main ended well            exited if RemainAfterExit=, else stop
 *                 main failed, watchdog      stop-sigterm
 *                 Reload                     reload -> running
 * up              Stop                       stop
 * start-*         Stop                       stop-sigterm
 * auto-restart    Stop                       dead or failed
 * stop            ExecStop= ended, Timeout   stop-sigterm
 * stop-sigterm    no process left            stop-post
 *                 Timeout                    stop-sigkill (or stop-post without SendSIGKILL=)
 * stop-sigkill    no process left, Timeout   stop-post
 * stop-post       ExecStopPost= ended        final-sigterm -> final-sigkill
 * final-*         no process left            auto-restart by Restart=, else dead (success) or failed
 * auto-restart    RestartSec= has passed     start-pre, or failed (start-limit-hit)
 * </pre>
 *
 * "No process left" is judged by KillMode=: with process it means the main process, with none
 * nothing is waited for. The first bad result of a run stays its result.
 */
public final class ServiceMachine {
    private final ServiceConfig config;
    private final Service before;
    private final long nowNanos;
    private final List<ServiceAction> actions = new ArrayList<>();
    private Phase phase;
    private int step;
    private boolean mainAlive;
    private boolean controlAlive;
    private Result result;
    private Exit lastMain;
    private boolean stopAsked;
    private List<Long> starts;
    private int restartCount;

    /** What an event led to. */
    public record Step(Service service, List<ServiceAction> actions) {}

    private ServiceMachine(ServiceConfig config, Service before, long nowNanos) {
        this.config = config;
        this.before = before;
        this.nowNanos = nowNanos;
        this.phase = before.phase();
        this.step = before.step();
        this.mainAlive = before.mainAlive();
        this.controlAlive = before.controlAlive();
        this.result = before.result();
        this.lastMain = before.lastMain();
        this.stopAsked = before.stopAsked();
        this.starts = before.startsNanos();
        this.restartCount = before.restartCount();
    }

    /**
     * @param nowNanos the clock of intervals, for the start limit
     */
    public static Step step(
            ServiceConfig config, Service service, ServiceEvent event, long nowNanos) {
        ServiceMachine machine = new ServiceMachine(config, service, nowNanos);
        machine.on(event);
        Service after =
                new Service(
                        machine.phase,
                        machine.step,
                        machine.mainAlive,
                        machine.controlAlive,
                        machine.result,
                        machine.lastMain,
                        machine.stopAsked,
                        machine.starts,
                        machine.restartCount);
        return new Step(after, List.copyOf(machine.actions));
    }

    private void on(ServiceEvent event) {
        switch (event) {
            case ServiceEvent.Start _ -> start();
            case ServiceEvent.Stop _ -> stop();
            case ServiceEvent.Reload _ -> reload();
            case ServiceEvent.Reset _ -> reset();
            case ServiceEvent.Exited(Role role, Exit exit) -> {
                if (role == Role.MAIN) {
                    mainExited(exit);
                } else {
                    controlExited(exit);
                }
            }
            case ServiceEvent.Ready _ -> {
                if (phase == Phase.START && config.type() == ServiceType.NOTIFY) {
                    enterStartPost(0);
                }
            }
            case ServiceEvent.MainFound(boolean found) -> mainFound(found);
            case ServiceEvent.GroupEmpty _ -> groupEmpty();
            case ServiceEvent.Timeout _ -> timeout();
            case ServiceEvent.WatchdogExpired _ -> {
                if (phase.isUp()) {
                    log("Watchdog timeout!");
                    enterSignal(Phase.STOP_SIGTERM, Result.WATCHDOG);
                }
            }
        }
    }

    private void start() {
        if (phase.isOver() || phase == Phase.AUTO_RESTART) {
            stopAsked = false;
            restartCount = 0;
            enterStart();
        }
    }

    private void stop() {
        stopAsked = true;
        switch (phase) {
            case START_PRE, START, START_POST -> enterSignal(Phase.STOP_SIGTERM, Result.SUCCESS);
            case RUNNING, EXITED, RELOAD -> enterStop(0);
            case AUTO_RESTART -> enterDead();
            default -> {
                // Already down, or on the way.
            }
        }
    }

    private void reload() {
        if (phase == Phase.RUNNING && !config.commands("ExecReload").isEmpty()) {
            command(Phase.RELOAD, "ExecReload", 0, config.timeouts().start());
        }
    }

    private void reset() {
        starts = List.of();
        if (phase == Phase.FAILED) {
            phase = Phase.DEAD;
            result = Result.SUCCESS;
        }
    }

    private void enterStart() {
        Duration interval = config.restarts().limitInterval();
        List<Long> recent = new ArrayList<>(starts);
        recent.removeIf(at -> nowNanos - at > interval.toNanos());
        if (!interval.isZero() && recent.size() >= config.restarts().limitBurst()) {
            starts = recent;
            result = Result.START_LIMIT_HIT;
            phase = Phase.FAILED;
            actions.add(new ServiceAction.Disarm());
            log("Start request repeated too quickly.");
            return;
        }
        recent.add(nowNanos);
        starts = interval.isZero() ? List.of() : recent;
        result = Result.SUCCESS;
        lastMain = Exit.code(0);
        mainAlive = false;
        controlAlive = false;
        enterStartPre(0);
    }

    private void enterStartPre(int index) {
        if (!command(Phase.START_PRE, "ExecStartPre", index, config.timeouts().start())) {
            enterMain(0);
        }
    }

    private void enterMain(int index) {
        List<ExecCommand> all = config.commands("ExecStart");
        if (index >= all.size()) {
            enterStartPost(0);
            return;
        }
        phase = Phase.START;
        step = index;
        boolean forking = config.type() == ServiceType.FORKING;
        Role role = forking ? Role.CONTROL : Role.MAIN;
        mainAlive = !forking;
        controlAlive = forking;
        actions.add(new ServiceAction.Spawn(role, all.get(index)));
        actions.add(new ServiceAction.Arm(config.timeouts().start()));
        if (config.type() == ServiceType.SIMPLE || config.type() == ServiceType.EXEC) {
            enterStartPost(0);
        }
    }

    private void enterStartPost(int index) {
        if (!command(Phase.START_POST, "ExecStartPost", index, config.timeouts().start())) {
            enterRunning(Result.SUCCESS);
        }
    }

    private void enterRunning(Result outcome) {
        note(outcome);
        if (result != Result.SUCCESS) {
            enterSignal(Phase.STOP_SIGTERM, result);
        } else if (mainAlive) {
            phase = Phase.RUNNING;
            actions.add(new ServiceAction.Arm(config.timeouts().running()));
        } else if (config.remainAfterExit()) {
            phase = Phase.EXITED;
            actions.add(new ServiceAction.Disarm());
        } else {
            enterStop(0);
        }
    }

    private void enterStop(int index) {
        if (!command(Phase.STOP, "ExecStop", index, config.timeouts().stop())) {
            enterSignal(Phase.STOP_SIGTERM, Result.SUCCESS);
        }
    }

    private void enterSignal(Phase into, Result outcome) {
        note(outcome);
        phase = into;
        boolean last = into == Phase.STOP_SIGKILL || into == Phase.FINAL_SIGKILL;
        int signal = last ? config.killing().finalSignal() : config.killing().signal();
        KillMode mode = config.killing().mode();
        String reason = "entering " + into.sub();
        actions.add(new ServiceAction.Arm(config.timeouts().stop()));
        switch (mode) {
            case NONE -> {}
            case PROCESS -> actions.add(new ServiceAction.Signal(Target.MAIN, signal, reason));
            case MIXED ->
                    actions.add(
                            new ServiceAction.Signal(
                                    last || into == Phase.FINAL_SIGTERM
                                            ? Target.GROUP
                                            : Target.MAIN,
                                    signal,
                                    reason));
            case CONTROL_GROUP ->
                    actions.add(new ServiceAction.Signal(Target.GROUP, signal, reason));
        }
        if (config.killing().hup() && !last && mode != KillMode.NONE) {
            Target all = mode == KillMode.CONTROL_GROUP ? Target.GROUP : Target.MAIN;
            actions.add(new ServiceAction.Signal(all, Signals.HUP, reason));
        }
        if (waitsForNobody()) {
            groupEmpty();
        } else {
            actions.add(new ServiceAction.WatchGroup());
        }
    }

    private void enterStopPost(int index) {
        if (!command(Phase.STOP_POST, "ExecStopPost", index, config.timeouts().stop())) {
            enterSignal(Phase.FINAL_SIGTERM, Result.SUCCESS);
        }
    }

    private void enterDead() {
        boolean waiting = before.phase() == Phase.AUTO_RESTART;
        phase = result == Result.SUCCESS ? Phase.DEAD : Phase.FAILED;
        actions.add(new ServiceAction.Disarm());
        if (result != Result.SUCCESS && !waiting) {
            log("Failed with result '" + result.word() + "'.");
        }
        if (!stopAsked && config.restartsAfter(result, lastMain)) {
            phase = Phase.AUTO_RESTART;
            actions.add(new ServiceAction.Arm(config.restarts().delay()));
        }
    }

    /** Runs the phase's command at index; false when there is none left. */
    private boolean command(Phase into, String directive, int index, Duration limit) {
        List<ExecCommand> all = config.commands(directive);
        if (index >= all.size()) {
            return false;
        }
        phase = into;
        step = index;
        controlAlive = true;
        actions.add(new ServiceAction.Spawn(Role.CONTROL, all.get(index)));
        actions.add(new ServiceAction.Arm(limit));
        return true;
    }

    private void mainExited(Exit exit) {
        mainAlive = false;
        lastMain = exit;
        Result outcome = config.judge(exit);
        List<ExecCommand> all = config.commands("ExecStart");
        boolean forgiven =
                !all.isEmpty() && all.get(Math.min(step, all.size() - 1)).ignoreFailure();
        boolean startStep = phase == Phase.START || all.size() == 1;
        if (outcome != Result.SUCCESS) {
            log("Main process exited, " + exit);
        }
        if (forgiven && startStep) {
            outcome = Result.SUCCESS;
        }
        switch (phase) {
            case START -> mainExitedStarting(outcome);
            case RUNNING -> enterRunning(outcome);
            case RELOAD, START_POST, STOP -> note(outcome);
            case STOP_SIGTERM, STOP_SIGKILL, FINAL_SIGTERM, FINAL_SIGKILL -> {
                note(outcome);
                if (waitsForNobody()) {
                    groupEmpty();
                }
            }
            default -> {
                // A late word of a process that was given up.
            }
        }
    }

    private void mainExitedStarting(Result outcome) {
        if (config.type() == ServiceType.NOTIFY) {
            enterSignal(Phase.STOP_SIGTERM, outcome == Result.SUCCESS ? Result.PROTOCOL : outcome);
        } else if (outcome != Result.SUCCESS) {
            enterSignal(Phase.STOP_SIGTERM, outcome);
        } else {
            enterMain(step + 1);
        }
    }

    private void controlExited(Exit exit) {
        if (!controlAlive) {
            return;
        }
        controlAlive = false;
        Result outcome = exit.equals(Exit.code(0)) ? Result.SUCCESS : exit.asResult();
        if (currentIgnoresFailure()) {
            outcome = Result.SUCCESS;
        }
        if (outcome != Result.SUCCESS) {
            log("Control process exited, " + exit);
        }
        boolean well = outcome == Result.SUCCESS;
        switch (phase) {
            case START_PRE -> nextOr(well, outcome, () -> enterStartPre(step + 1));
            case START -> nextOr(well, outcome, () -> actions.add(new ServiceAction.FindMain()));
            case START_POST -> nextOr(well, outcome, () -> enterStartPost(step + 1));
            case STOP -> nextOr(well, outcome, () -> enterStop(step + 1));
            case RELOAD -> {
                if (!well
                        || !command(
                                Phase.RELOAD, "ExecReload", step + 1, config.timeouts().start())) {
                    enterRunning(Result.SUCCESS);
                }
            }
            case STOP_POST -> {
                note(outcome);
                enterStopPost(well ? step + 1 : Integer.MAX_VALUE);
            }
            default -> {
                if (phase.isKilling() && waitsForNobody()) {
                    groupEmpty();
                }
            }
        }
    }

    private void nextOr(boolean well, Result outcome, Runnable next) {
        if (well) {
            next.run();
        } else {
            enterSignal(Phase.STOP_SIGTERM, outcome);
        }
    }

    private void mainFound(boolean found) {
        if (phase == Phase.START && config.type() == ServiceType.FORKING) {
            mainAlive = found;
            if (found) {
                enterStartPost(0);
            } else {
                enterSignal(Phase.STOP_SIGTERM, Result.PROTOCOL);
            }
        }
    }

    private void groupEmpty() {
        switch (phase) {
            case STOP_SIGTERM, STOP_SIGKILL -> enterStopPost(0);
            case FINAL_SIGTERM, FINAL_SIGKILL -> enterDead();
            default -> {
                // Told too late to matter.
            }
        }
    }

    private void timeout() {
        switch (phase) {
            case START_PRE, START, START_POST -> {
                log(phase.sub() + " operation timed out. Terminating.");
                enterSignal(Phase.STOP_SIGTERM, Result.TIMEOUT);
            }
            case RELOAD -> {
                log("Reload operation timed out. Killing reload process.");
                String reason = "reload timed out";
                actions.add(new ServiceAction.Signal(Target.CONTROL, Signals.KILL, reason));
                controlAlive = false;
                enterRunning(Result.SUCCESS);
            }
            case RUNNING -> {
                log("Service reached runtime time limit. Stopping.");
                note(Result.TIMEOUT);
                enterStop(0);
            }
            case STOP -> {
                log("Stopping timed out. Terminating.");
                enterSignal(Phase.STOP_SIGTERM, Result.TIMEOUT);
            }
            case STOP_SIGTERM -> killOr(Phase.STOP_SIGKILL, () -> enterStopPost(0));
            case STOP_SIGKILL -> {
                log("Processes still around after SIGKILL. Ignoring.");
                note(Result.TIMEOUT);
                enterStopPost(0);
            }
            case STOP_POST -> enterSignal(Phase.FINAL_SIGTERM, Result.TIMEOUT);
            case FINAL_SIGTERM -> killOr(Phase.FINAL_SIGKILL, this::enterDead);
            case FINAL_SIGKILL -> {
                note(Result.TIMEOUT);
                enterDead();
            }
            case AUTO_RESTART -> {
                restartCount++;
                log("Scheduled restart job, restart counter is at " + restartCount + ".");
                enterStart();
            }
            default -> {
                // A timer that was disarmed too late.
            }
        }
    }

    private void killOr(Phase killing, Runnable otherwise) {
        if (config.killing().sendKill()) {
            log("State '" + phase.sub() + "' timed out. Killing.");
            enterSignal(killing, Result.TIMEOUT);
        } else {
            log("State '" + phase.sub() + "' timed out. Skipping SIGKILL.");
            note(Result.TIMEOUT);
            otherwise.run();
        }
    }

    /** Whether a killing phase is over already, by KillMode= and what is known to run. */
    private boolean waitsForNobody() {
        return switch (config.killing().mode()) {
            case NONE -> true;
            case PROCESS -> !mainAlive && !controlAlive;
            case MIXED, CONTROL_GROUP -> false;
        };
    }

    private boolean currentIgnoresFailure() {
        String directive =
                switch (phase) {
                    case START_PRE -> "ExecStartPre";
                    case START -> "ExecStart";
                    case START_POST -> "ExecStartPost";
                    case RELOAD -> "ExecReload";
                    case STOP -> "ExecStop";
                    case STOP_POST -> "ExecStopPost";
                    default -> "";
                };
        List<ExecCommand> all = config.commands(directive);
        return step < all.size() && all.get(step).ignoreFailure();
    }

    private void note(Result outcome) {
        if (result == Result.SUCCESS) {
            result = outcome;
        }
    }

    private void log(String message) {
        actions.add(new ServiceAction.Log(message));
    }
}
