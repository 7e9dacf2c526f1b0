package flotilla.machine.job;

import flotilla.machine.Init.JobResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One unit's pending change. */
public final class Job {
    private final String unit;
    private final Kind kind;
    private final long number;
    private final List<Consumer<JobResult>> listeners = new ArrayList<>();
    private Optional<JobResult> result = Optional.empty();
    private boolean running;

    /** What a job does to its unit. */
    public enum Kind {
        START,
        STOP,
        RESTART,
        RELOAD
    }

    /**
     * @param number larger than those of the jobs before it
     */
    Job(String unit, Kind kind, long number) {
        this.unit = unit;
        this.kind = kind;
        this.number = number;
    }

    public String unit() {
        return unit;
    }

    public Kind kind() {
        return kind;
    }

    long number() {
        return number;
    }

    /** Empty until the queue that owns the job has ended it. */
    public Optional<JobResult> result() {
        return result;
    }

    /** Tells the result once, now or when there is one. */
    public void whenDone(Consumer<JobResult> listener) {
        result.ifPresentOrElse(listener, () -> listeners.add(listener));
    }

    void end(JobResult how) {
        result = Optional.of(how);
        listeners.forEach(listener -> listener.accept(how));
    }

    public boolean isRunning() {
        return running;
    }

    void run() {
        running = true;
    }
}
