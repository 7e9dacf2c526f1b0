package flotilla.machine.service;

import flotilla.machine.service.ServiceAction.Target;
import flotilla.machine.service.ServiceEvent.Daemon;
import flotilla.machine.service.ServiceEvent.Role;
import java.util.List;

/**
 * The life of a service: (state, event) -> state and actions, after systemd.service(5).
 *
 * <pre>
 * from            on                         to
 * dead failed     Start                      start-pre, or failed (start-limit-hit)
 * start-pre       command ended well         next command, then start
 * start           simple: spawned            start-post
 *                 exec: Executed             start-post
 *                 notify: READY=1            start-post; main ended first: stop-sigterm (protocol)
 *                 forking: parent ended      start-post when the daemon is found or may be there
 *                                            all the same, else stop-sigterm (protocol)
 *                 oneshot: command ended     next command, then start-post
 * start-post      commands ended well        running; exited if RemainAfterExit=; else stop
 * start-*         command failed, Timeout    stop-sigterm (ExecStop= is for what was up)
 *                 Stop                       stop-sigterm
 * running         main ended well            exited if RemainAfterExit=, else stop
 *                 main failed                stop-sigterm
 *                 STOPPING=1                 stop-sigterm, with no signal sent
 *                 no process left, and the   as if main had ended well
 *                 main one was never known
 * running exited  Reload                     reload, then back
 *                 Stop                       stop
 * reload          Stop                       stop-sigterm
 * up, start-post  WatchdogExpired            stop-watchdog
 * auto-restart    Stop                       dead
 * stop            ExecStop= ended, Timeout   stop-sigterm
 * stop-watchdog   main and control ended     stop-post
 * stop-sigterm    Timeout                    stop-sigkill (or stop-post without SendSIGKILL=)
 * stop-sigkill    both ended, Timeout        stop-post
 * stop-post       ExecStopPost= ended        final-sigterm -> final-sigkill
 * final-*         no process left            auto-restart by Restart=, else dead (success) or failed
 * auto-restart    RestartSec= has passed     start-pre, or failed (start-limit-hit)
 * any with a      Refused                    stop-sigterm, after stop-post final-sigterm (resources);
 * process                                    reload: back
 * </pre>
 *
 * A killing phase that has nobody to signal is passed through. Whom it is about is said by
 * KillMode=: the whole group, with process the main and the control process, with mixed these two
 * till it comes to SIGKILL, with none nobody. The first bad result of a run stays its result. Here
 * stands which event leads where; what it takes to get there is {@link Transition}'s.
 */
public final class ServiceMachine {
    private final ServiceConfig config;
    private final Transition to;

    /** What an event led to. */
    public record Step(Service service, List<ServiceAction> actions) {}

    private ServiceMachine(ServiceConfig config, Transition to) {
        this.config = config;
        this.to = to;
    }

    /**
     * @param nowNanos the clock of intervals, for the start limit
     */
    public static Step step(
            ServiceConfig config, Service service, ServiceEvent event, long nowNanos) {
        Transition to = new Transition(config, service, nowNanos);
        new ServiceMachine(config, to).on(event);
        return new Step(to.service(), to.actions());
    }

    private void on(ServiceEvent event) {
        switch (event) {
            case ServiceEvent.Start _ -> start();
            case ServiceEvent.Stop _ -> stop();
            case ServiceEvent.Reload _ -> reload();
            case ServiceEvent.Reset _ -> to.forgetFailures();
            case ServiceEvent.Exited(Role role, Exit exit) -> {
                if (role == Role.MAIN) {
                    mainExited(exit);
                } else if (to.controlAlive()) {
                    controlExited(exit);
                }
            }
            case ServiceEvent.Refused(Role role) -> refused(role);
            case ServiceEvent.Executed _ -> {
                if (startsAs(ServiceType.EXEC)) {
                    to.enterStartPost(0);
                }
            }
            case ServiceEvent.Ready _ -> {
                if (startsAs(ServiceType.NOTIFY)) {
                    to.enterStartPost(0);
                }
            }
            case ServiceEvent.Stopping _ -> {
                if (to.phase() == Phase.RUNNING) {
                    to.enterStopByItself();
                }
            }
            case ServiceEvent.Searched(Daemon daemon) -> {
                if (startsAs(ServiceType.FORKING)) {
                    searched(daemon);
                }
            }
            case ServiceEvent.GroupEmpty _ -> to.groupEmpty();
            case ServiceEvent.Timeout _ -> timeout();
            case ServiceEvent.WatchdogExpired _ -> {
                if (to.phase().isUp() || to.phase() == Phase.START_POST) {
                    to.log("Watchdog timeout!");
                    to.enterSignal(Phase.STOP_WATCHDOG, Result.WATCHDOG);
                }
            }
        }
    }

    private boolean startsAs(ServiceType type) {
        return to.phase() == Phase.START && config.type() == type;
    }

    private void start() {
        if (to.phase().isOver() || to.phase() == Phase.AUTO_RESTART) {
            to.startAsked();
            to.enterStart();
        }
    }

    private void stop() {
        to.stopAsked();
        switch (to.phase()) {
            case START_PRE, START, START_POST, RELOAD ->
                    to.enterSignal(Phase.STOP_SIGTERM, Result.SUCCESS);
            case RUNNING, EXITED -> to.enterStop(0);
            case AUTO_RESTART -> to.giveUpRestart();
            default -> {
                // Already down, or on the way.
            }
        }
    }

    private void reload() {
        boolean settled = to.phase() == Phase.RUNNING || to.phase() == Phase.EXITED;
        if (settled && !config.commands("ExecReload").isEmpty()) {
            to.enterReload(0);
        }
    }

    private void mainExited(Exit exit) {
        to.mainEnded(exit);
        Result outcome = config.judge(exit);
        List<ExecCommand> all = config.commands("ExecStart");
        boolean forgiven =
                !all.isEmpty() && all.get(Math.min(to.step(), all.size() - 1)).ignoreFailure();
        boolean startStep = to.phase() == Phase.START || all.size() == 1;
        if (outcome != Result.SUCCESS) {
            to.log("Main process exited, " + exit);
        }
        if (forgiven && startStep) {
            outcome = Result.SUCCESS;
        }
        switch (to.phase()) {
            case START -> mainExitedStarting(outcome);
            case RUNNING -> to.enterRunning(outcome);
            case RELOAD, START_POST, STOP -> to.note(outcome);
            case STOP_WATCHDOG, STOP_SIGTERM, STOP_SIGKILL, FINAL_SIGTERM, FINAL_SIGKILL -> {
                to.note(outcome);
                to.oneLess();
            }
            default -> {
                // A late word of a process that was given up.
            }
        }
    }

    private void mainExitedStarting(Result outcome) {
        if (config.type() == ServiceType.NOTIFY) {
            to.enterSignal(
                    Phase.STOP_SIGTERM, outcome == Result.SUCCESS ? Result.PROTOCOL : outcome);
        } else if (outcome != Result.SUCCESS) {
            to.enterSignal(Phase.STOP_SIGTERM, outcome);
        } else {
            to.enterMain(to.step() + 1);
        }
    }

    private void controlExited(Exit exit) {
        to.controlEnded();
        Result outcome = exit.equals(Exit.code(0)) ? Result.SUCCESS : exit.asResult();
        if (to.ignoresFailure()) {
            outcome = Result.SUCCESS;
        }
        if (outcome != Result.SUCCESS) {
            to.log("Control process exited, " + exit);
        }
        boolean well = outcome == Result.SUCCESS;
        int next = to.step() + 1;
        switch (to.phase()) {
            case START_PRE -> nextOr(well, outcome, () -> to.enterStartPre(next));
            case START -> nextOr(well, outcome, () -> to.add(new ServiceAction.FindMain()));
            case START_POST -> nextOr(well, outcome, () -> to.enterStartPost(next));
            case STOP -> nextOr(well, outcome, () -> to.enterStop(next));
            case RELOAD -> {
                if (well) {
                    to.enterReload(next);
                } else {
                    to.reloadFailed();
                    to.enterRunning(Result.SUCCESS);
                }
            }
            case STOP_POST -> {
                to.note(outcome);
                to.enterStopPost(well ? next : Integer.MAX_VALUE);
            }
            default -> {
                if (to.phase().isKilling()) {
                    to.note(outcome);
                    to.oneLess();
                }
            }
        }
    }

    private void nextOr(boolean well, Result outcome, Runnable next) {
        if (well) {
            next.run();
        } else {
            to.enterSignal(Phase.STOP_SIGTERM, outcome);
        }
    }

    private void searched(Daemon daemon) {
        switch (daemon) {
            case FOUND -> {
                to.mainIs(Service.Main.ALIVE);
                to.enterStartPost(0);
            }
            case UNKNOWN -> {
                to.mainIs(Service.Main.UNKNOWN);
                to.enterStartPost(0);
            }
            case MISSING -> to.enterSignal(Phase.STOP_SIGTERM, Result.PROTOCOL);
        }
    }

    /** A process that could not even be tried is no reason to try the phase's next one. */
    private void refused(Role role) {
        if (role == Role.MAIN) {
            to.mainIs(Service.Main.NONE);
        } else {
            to.controlEnded();
        }
        switch (to.phase()) {
            case START_PRE, START, START_POST, RUNNING, STOP ->
                    to.enterSignal(Phase.STOP_SIGTERM, Result.RESOURCES);
            case RELOAD -> {
                to.reloadFailed();
                to.enterRunning(Result.SUCCESS);
            }
            case STOP_POST -> to.enterSignal(Phase.FINAL_SIGTERM, Result.RESOURCES);
            default -> {
                // It was for a phase that is over.
            }
        }
    }

    private void timeout() {
        switch (to.phase()) {
            case START_PRE, START, START_POST -> {
                to.log(to.phase().sub() + " operation timed out. Terminating.");
                to.enterSignal(Phase.STOP_SIGTERM, Result.TIMEOUT);
            }
            case RELOAD -> {
                to.log("Reload operation timed out. Killing reload process.");
                String reason = "reload timed out";
                to.add(new ServiceAction.Signal(Target.CONTROL, Signals.KILL, false, reason));
                to.controlEnded();
                to.reloadFailed();
                to.enterRunning(Result.SUCCESS);
            }
            case RUNNING -> {
                to.log("Service reached runtime time limit. Stopping.");
                to.note(Result.TIMEOUT);
                to.enterStop(0);
            }
            case STOP -> {
                to.log("Stopping timed out. Terminating.");
                to.enterSignal(Phase.STOP_SIGTERM, Result.TIMEOUT);
            }
            case STOP_WATCHDOG, STOP_SIGTERM ->
                    killOr(Phase.STOP_SIGKILL, () -> to.enterStopPost(0));
            case STOP_SIGKILL -> {
                to.log("Processes still around after SIGKILL. Ignoring.");
                to.note(Result.TIMEOUT);
                to.enterStopPost(0);
            }
            case STOP_POST -> to.enterSignal(Phase.FINAL_SIGTERM, Result.TIMEOUT);
            case FINAL_SIGTERM -> killOr(Phase.FINAL_SIGKILL, to::enterDead);
            case FINAL_SIGKILL -> {
                to.note(Result.TIMEOUT);
                to.enterDead();
            }
            case AUTO_RESTART -> to.enterRestart();
            default -> {
                // A timer that was disarmed too late.
            }
        }
    }

    private void killOr(Phase killing, Runnable otherwise) {
        if (config.killing().sendKill()) {
            to.log("State '" + to.phase().sub() + "' timed out. Killing.");
            to.enterSignal(killing, Result.TIMEOUT);
        } else {
            to.log("State '" + to.phase().sub() + "' timed out. Skipping SIGKILL.");
            to.note(Result.TIMEOUT);
            otherwise.run();
        }
    }
}
