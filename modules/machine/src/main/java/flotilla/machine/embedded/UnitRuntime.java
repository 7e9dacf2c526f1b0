package flotilla.machine.embedded;

import flotilla.machine.UnitState;
import flotilla.machine.job.Job;
import flotilla.machine.process.NotifySocket;
import flotilla.machine.service.Phase;
import flotilla.machine.service.Result;
import flotilla.machine.service.Service;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One unit as it runs now. Only the supervisor's thread may touch it. */
final class UnitRuntime {
    LoadedUnit loaded;
    Service service = Service.NEW;

    /** Targets have no processes: they are up or not. */
    boolean targetUp;

    /** The job that runs on this unit, and whether it has given its order yet. */
    @Nullable Job job;

    boolean ordered;

    long mainPid;
    long controlPid;

    /** Sessions that were started for this run; their members are the unit's. */
    final Set<Long> sessions = new HashSet<>();

    @Nullable BuiltinRun builtin;
    @Nullable NotifySocket notify;
    @Nullable ScheduledFuture<?> timer;
    long timerTurn;
    @Nullable ScheduledFuture<?> watchdog;
    String invocationId = "";
    String statusText = "";

    /** About messages of this run. */
    int complaints;

    Instant since = Instant.now();

    /** Remarks are said once per load, at the first start. */
    boolean remarked;

    UnitRuntime(LoadedUnit loaded) {
        this.loaded = loaded;
    }

    String name() {
        return loaded.name();
    }

    /** Neither up nor on the way; a job may begin. */
    boolean isOver() {
        return loaded.isTarget() ? !targetUp : service.phase().isOver();
    }

    /** Its start has succeeded. */
    boolean isActive() {
        return loaded.isTarget() ? targetUp : service.phase().isUp();
    }

    /** Up or on the way up. */
    boolean isUp() {
        return !isOver() && !service.phase().isStopping();
    }

    boolean hasProcesses() {
        return mainPid != 0 || controlPid != 0 || builtin != null;
    }

    UnitState state() {
        if (loaded.isTarget()) {
            String active = targetUp ? "active" : "inactive";
            String sub = targetUp ? "active" : "dead";
            return new UnitState(name(), loaded.load(), active, sub, 0, "success");
        }
        Phase phase = service.phase();
        Result result = service.result();
        return new UnitState(
                name(), loaded.load(), phase.active(), phase.sub(), mainPid, result.word());
    }
}
