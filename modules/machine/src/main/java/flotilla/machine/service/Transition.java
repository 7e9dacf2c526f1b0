package flotilla.machine.service;

import flotilla.machine.service.ServiceEvent.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a service in the making: the service as it changes, and what is to be done for it.
 * {@link ServiceMachine} knows which event leads where; this knows what it takes to enter a phase.
 * Each enter method says so for one; a phase that has nothing to run is passed through at once, so
 * that the service may come to rest in a later one.
 */
final class Transition {
    private final ServiceConfig config;
    private final Phase from;
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

    Transition(ServiceConfig config, Service before, long nowNanos) {
        this.config = config;
        this.from = before.phase();
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

    Service service() {
        return new Service(
                phase,
                step,
                mainAlive,
                controlAlive,
                result,
                lastMain,
                stopAsked,
                starts,
                restartCount);
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

    void mainIs(boolean alive) {
        mainAlive = alive;
    }

    void mainEnded(Exit exit) {
        mainAlive = false;
        lastMain = exit;
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
            result = Result.START_LIMIT_HIT;
            phase = Phase.FAILED;
            add(new ServiceAction.Disarm());
            log("Start request repeated too quickly.");
            return;
        }
        recent.add(nowNanos);
        starts = limits.limitInterval().isZero() ? List.of() : recent;
        result = Result.SUCCESS;
        lastMain = Exit.code(0);
        mainAlive = false;
        controlAlive = false;
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
        mainAlive = !forking;
        controlAlive = forking;
        add(new ServiceAction.Spawn(role, all.get(index)));
        add(new ServiceAction.Arm(config.timeouts().start()));
        if (config.type() == ServiceType.SIMPLE || config.type() == ServiceType.EXEC) {
            enterStartPost(0);
        }
    }

    void enterStartPost(int index) {
        if (!runs(Phase.START_POST, index)) {
            enterRunning(Result.SUCCESS);
        }
    }

    void enterRunning(Result outcome) {
        note(outcome);
        if (result != Result.SUCCESS) {
            enterSignal(Phase.STOP_SIGTERM, result);
        } else if (mainAlive) {
            phase = Phase.RUNNING;
            add(new ServiceAction.Arm(config.timeouts().running()));
        } else if (config.remainAfterExit()) {
            phase = Phase.EXITED;
            add(new ServiceAction.Disarm());
        } else {
            enterStop(0);
        }
    }

    void enterReload(int index) {
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
        add(new ServiceAction.Arm(config.timeouts().stop()));
        actions.addAll(config.killing().signals(into));
        if (waitsForNobody()) {
            nobodyLeft();
        } else {
            add(new ServiceAction.WatchGroup());
        }
    }

    /** Whether a killing phase is over already, by KillMode= and what is known to run. */
    boolean waitsForNobody() {
        return switch (config.killing().mode()) {
            case NONE -> true;
            case PROCESS -> !mainAlive && !controlAlive;
            case MIXED, CONTROL_GROUP -> false;
        };
    }

    /** No process is left that a killing phase would wait for. */
    void nobodyLeft() {
        switch (phase) {
            case STOP_SIGTERM, STOP_SIGKILL -> enterStopPost(0);
            case FINAL_SIGTERM, FINAL_SIGKILL -> enterDead();
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
        boolean waited = from == Phase.AUTO_RESTART;
        phase = result == Result.SUCCESS ? Phase.DEAD : Phase.FAILED;
        add(new ServiceAction.Disarm());
        if (result != Result.SUCCESS && !waited) {
            log("Failed with result '" + result.word() + "'.");
        }
        if (!stopAsked && config.restartsAfter(result, lastMain)) {
            phase = Phase.AUTO_RESTART;
            add(new ServiceAction.Arm(config.restarts().delay()));
        }
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
