package flotilla.machine.service;

import flotilla.machine.service.ServiceEvent.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of a service in the making: the service as it changes, and what is to be done for it.
 * {@link ServiceMachine} knows which event leads where; this knows what it takes to enter a phase.
 * Each enter method says so for one; a phase that has nothing to run is passed through at once, so
 * that the service may come to rest in a later one.
 */
final class Transition {
    private final ServiceConfig config;
    private final long nowNanos;
    private final List<ServiceAction> actions = new ArrayList<>();
    private Phase phase;
    private int step;
    private Service.Main main;
    private boolean controlAlive;
    private Result result;
    private Optional<Exit> lastMain;
    private boolean stopAsked;
    private List<Long> starts;
    private int restartCount;
    private boolean reloadFailed;

    Transition(ServiceConfig config, Service before, long nowNanos) {
        this.config = config;
        this.nowNanos = nowNanos;
        this.phase = before.phase();
        this.step = before.step();
        this.main = before.main();
        this.controlAlive = before.controlAlive();
        this.result = before.result();
        this.lastMain = before.lastMain();
        this.stopAsked = before.stopAsked();
        this.starts = before.startsNanos();
        this.restartCount = before.restartCount();
        this.reloadFailed = before.reloadFailed();
    }

    Service service() {
        return new Service(
                phase,
                step,
                main,
                controlAlive,
                result,
                lastMain,
                stopAsked,
                starts,
                restartCount,
                reloadFailed);
    }

    List<ServiceAction> actions() {
        return List.copyOf(actions);
    }

    Phase phase() {
        return phase;
    }

    /** Which of the phase's commands runs, from 0. */
    int step() {
        return step;
    }

    boolean controlAlive() {
        return controlAlive;
    }

    /** Someone wants it up: what was before does not count. */
    void startAsked() {
        stopAsked = false;
        restartCount = 0;
    }

    void stopAsked() {
        stopAsked = true;
    }

    void mainIs(Service.Main known) {
        main = known;
    }

    void mainEnded(Exit exit) {
        main = Service.Main.NONE;
        lastMain = Optional.of(exit);
    }

    void reloadFailed() {
        reloadFailed = true;
    }

    void controlEnded() {
        controlAlive = false;
    }

    void forgetFailures() {
        starts = List.of();
        if (phase == Phase.FAILED) {
            phase = Phase.DEAD;
            result = Result.SUCCESS;
        }
    }

    /** The first bad result of a run stays its result. */
    void note(Result outcome) {
        if (result == Result.SUCCESS) {
            result = outcome;
        }
    }

    void log(String message) {
        add(new ServiceAction.Log(message));
    }

    void add(ServiceAction action) {
        actions.add(action);
    }

    /** A failure of the command that runs counts as success. */
    boolean ignoresFailure() {
        List<ExecCommand> all = config.commands(phase.directive());
        return step < all.size() && all.get(step).ignoreFailure();
    }

    void enterStart() {
        ServiceConfig.Restarts limits = config.restarts();
        List<Long> recent = new ArrayList<>(limits.counted(starts, nowNanos));
        if (limits.isExhausted(recent)) {
            starts = recent;
            note(Result.START_LIMIT_HIT);
            phase = Phase.FAILED;
            add(new ServiceAction.Disarm());
            log("Start request repeated too quickly.");
            return;
        }
        recent.add(nowNanos);
        starts = limits.limitInterval().isZero() ? List.of() : recent;
        result = Result.SUCCESS;
        lastMain = Optional.empty();
        main = Service.Main.NONE;
        controlAlive = false;
        reloadFailed = false;
        enterStartPre(0);
    }

    void enterRestart() {
        restartCount++;
        log("Scheduled restart job, restart counter is at " + restartCount + ".");
        enterStart();
    }

    void enterStartPre(int index) {
        if (!runs(Phase.START_PRE, index)) {
            enterMain(0);
        }
    }

    void enterMain(int index) {
        List<ExecCommand> all = config.commands("ExecStart");
        if (index >= all.size()) {
            enterStartPost(0);
            return;
        }
        phase = Phase.START;
        step = index;
        boolean forking = config.type() == ServiceType.FORKING;
        Role role = forking ? Role.CONTROL : Role.MAIN;
        main = forking ? Service.Main.NONE : Service.Main.ALIVE;
        controlAlive = forking;
        add(new ServiceAction.Spawn(role, all.get(index)));
        add(new ServiceAction.Arm(config.timeouts().start()));
        if (config.type() == ServiceType.SIMPLE) {
            enterStartPost(0);
        }
    }

    void enterStartPost(int index) {
        if (index == 0 && !config.timeouts().watchdog().isZero()) {
            add(new ServiceAction.StartWatchdog());
        }
        if (!runs(Phase.START_POST, index)) {
            enterRunning(Result.SUCCESS);
        }
    }

    void enterRunning(Result outcome) {
        note(outcome);
        if (result != Result.SUCCESS) {
            enterSignal(Phase.STOP_SIGTERM, result);
        } else if (main != Service.Main.NONE) {
            phase = Phase.RUNNING;
            add(new ServiceAction.Arm(config.timeouts().running()));
            if (main == Service.Main.UNKNOWN) {
                add(new ServiceAction.WatchGroup());
            }
        } else if (config.remainAfterExit()) {
            phase = Phase.EXITED;
            add(new ServiceAction.Disarm());
        } else {
            enterStop(0);
        }
    }

    void enterReload(int index) {
        reloadFailed = false;
        if (!runs(Phase.RELOAD, index)) {
            enterRunning(Result.SUCCESS);
        }
    }

    void enterStop(int index) {
        if (!runs(Phase.STOP, index)) {
            enterSignal(Phase.STOP_SIGTERM, Result.SUCCESS);
        }
    }

    void enterSignal(Phase into, Result outcome) {
        note(outcome);
        phase = into;
        if (waitsForNobody()) {
            passKilling();
            return;
        }
        add(new ServiceAction.Arm(config.timeouts().stop()));
        add(config.killing().signal(into));
        if (config.killing().reachesGroup(into)) {
            add(new ServiceAction.WatchGroup());
        }
    }

    /** STOPPING=1: it is on its way down by itself, and has the time to stop for that. */
    void enterStopByItself() {
        phase = Phase.STOP_SIGTERM;
        add(new ServiceAction.Arm(config.timeouts().stop()));
        if (config.killing().reachesGroup(phase)) {
            add(new ServiceAction.WatchGroup());
        }
    }

    /** Whether a killing phase has nobody to signal or wait for, as far as is known. */
    private boolean waitsForNobody() {
        boolean known = main == Service.Main.ALIVE || controlAlive;
        return config.killing().mode() == ServiceConfig.KillMode.NONE
                || (!known && !config.killing().reachesGroup(phase));
    }

    /** A killing phase with nobody to signal leads to the next one, which may reach further. */
    private void passKilling() {
        boolean kills = config.killing().sendKill();
        switch (phase) {
            case STOP_WATCHDOG, STOP_SIGTERM -> {
                if (kills) {
                    enterSignal(Phase.STOP_SIGKILL, Result.SUCCESS);
                } else {
                    enterStopPost(0);
                }
            }
            case STOP_SIGKILL -> enterStopPost(0);
            case FINAL_SIGTERM -> {
                if (kills) {
                    enterSignal(Phase.FINAL_SIGKILL, Result.SUCCESS);
                } else {
                    enterDead();
                }
            }
            default -> enterDead();
        }
    }

    /**
     * The main or the control process ended while the service is killed. ExecStopPost= waits for
     * these two alone; the end waits for the rest of the group, too.
     */
    void oneLess() {
        boolean known = main == Service.Main.ALIVE || controlAlive;
        switch (phase) {
            case STOP_WATCHDOG, STOP_SIGTERM, STOP_SIGKILL -> {
                if (!known) {
                    enterStopPost(0);
                }
            }
            case FINAL_SIGTERM, FINAL_SIGKILL -> {
                if (waitsForNobody()) {
                    passKilling();
                }
            }
            default -> {
                // Nothing is killed.
            }
        }
    }

    /** No process of the service is left. */
    void groupEmpty() {
        switch (phase) {
            case STOP_WATCHDOG, STOP_SIGTERM, STOP_SIGKILL -> enterStopPost(0);
            case FINAL_SIGTERM, FINAL_SIGKILL -> enterDead();
            case RUNNING -> {
                if (main == Service.Main.UNKNOWN) {
                    main = Service.Main.NONE;
                    enterRunning(Result.SUCCESS);
                }
            }
            default -> {
                // Told too late to matter.
            }
        }
    }

    void enterStopPost(int index) {
        if (!runs(Phase.STOP_POST, index)) {
            enterSignal(Phase.FINAL_SIGTERM, Result.SUCCESS);
        }
    }

    void enterDead() {
        phase = result == Result.SUCCESS ? Phase.DEAD : Phase.FAILED;
        main = Service.Main.NONE;
        controlAlive = false;
        add(new ServiceAction.Disarm());
        if (result != Result.SUCCESS) {
            log("Failed with result '" + result.word() + "'.");
        }
        if (!stopAsked && config.restartsAfter(result, lastMain)) {
            phase = Phase.AUTO_RESTART;
            add(new ServiceAction.Arm(config.restarts().delay()));
        }
    }

    /** Someone wants it down that waits for its restart: that is a stop, not a failure. */
    void giveUpRestart() {
        phase = Phase.DEAD;
        result = Result.SUCCESS;
        add(new ServiceAction.Disarm());
    }

    /** Runs the phase's command at index; false when there is none left. */
    private boolean runs(Phase into, int index) {
        List<ExecCommand> all = config.commands(into.directive());
        if (index >= all.size()) {
            return false;
        }
        phase = into;
        step = index;
        controlAlive = true;
        add(new ServiceAction.Spawn(Role.CONTROL, all.get(index)));
        add(
                new ServiceAction.Arm(
                        into.isStopping() ? config.timeouts().stop() : config.timeouts().start()));
        return true;
    }
}
