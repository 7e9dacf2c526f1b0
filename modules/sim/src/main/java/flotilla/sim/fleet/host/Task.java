package flotilla.sim.fleet.host;

import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One unit as the init has it: its file, what it has read of it, and its processes. */
final class Task {
    final String unit;
    @Nullable String file;
    @Nullable String loaded;
    String active = "inactive";

    /** The text of the processes that run; null when none do. */
    @Nullable String running;

    /** Counts its changes: what was to happen to an earlier one does not. */
    long life;

    /** Counts its processes. */
    long process;

    /** What follows once it has stopped. */
    Runnable afterStop = () -> {};

    private @Nullable Consumer<Optional<JobResult>> job;

    Task(String unit) {
        this.unit = unit;
    }

    UnitState state() {
        return new UnitState(
                unit, loaded == null ? "not-found" : "loaded", active, active, 0, "success");
    }

    boolean isOver() {
        return active.equals("inactive") || active.equals("failed");
    }

    /** Begins a job; one before is over. */
    void begin(Consumer<Optional<JobResult>> next) {
        end(JobResult.CANCELED);
        job = next;
    }

    void end(JobResult result) {
        Consumer<Optional<JobResult>> its = job;
        job = null;
        if (its != null) {
            its.accept(Optional.of(result));
        }
    }
}
