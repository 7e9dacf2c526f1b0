package flotilla.machine.job;

import flotilla.machine.Init.JobResult;
import java.util.concurrent.CompletableFuture;

/** One unit's pending change. */
public final class Job {
    private final String unit;
    private final Kind kind;
    private final CompletableFuture<JobResult> done = new CompletableFuture<>();
    private boolean running;

    /** What a job does to its unit. */
    public enum Kind {
        START,
        STOP,
        RESTART,
        RELOAD
    }

    Job(String unit, Kind kind) {
        this.unit = unit;
        this.kind = kind;
    }

    public String unit() {
        return unit;
    }

    public Kind kind() {
        return kind;
    }

    /** Completed once, with the result, by the queue that owns the job. */
    public CompletableFuture<JobResult> done() {
        return done;
    }

    public boolean isRunning() {
        return running;
    }

    void run() {
        running = true;
    }
}
