package flotilla.machine.job;

import flotilla.machine.Init.JobResult;
import flotilla.machine.job.Job.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs, at most one a unit, and which of them may run now. Two ordered units start one
 * after the other and stop in reverse; a stop goes before a start whichever way they are ordered
 * (systemd.unit(5), Before=).
 */
public final class JobQueue {
    private final JobGraph graph;
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    /** Those to look at, the oldest first: they are new, or what they waited for has ended. */
    private final NavigableSet<Job> open = new TreeSet<>(Comparator.comparingLong(Job::number));

    private long added;

    /** A cycle can only come with a job: while there is none, none is looked for. */
    private boolean mayBeCyclic;

    public JobQueue(Units units) {
        this.graph = new JobGraph(units);
    }

    /** Adds a job; one of the same kind is shared, another one of the unit is cancelled. */
    public Job add(String unit, Kind kind) {
        Job old = jobs.get(unit);
        if (old != null && old.kind() == kind) {
            return old;
        }
        if (old != null) {
            finish(old, JobResult.CANCELED);
        }
        Job job = new Job(unit, kind, added++);
        jobs.put(unit, job);
        graph.add(unit, kind);
        open.add(job);
        mayBeCyclic = true;
        return job;
    }

    public @Nullable Job of(String unit) {
        return jobs.get(unit);
    }

    public boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** The units say other things of each other now. */
    public void reordered() {
        graph.refresh();
        open.addAll(jobs.values());
        mayBeCyclic = true;
    }

    /**
     * The next job that may run, marked as running. Of jobs that wait for each other in a cycle one
     * may: they were asked for one by one, else {@link JobPlanner} had refused them.
     */
    public Optional<Job> next() {
        Optional<Job> next = nextOpen().or(this::nextOfCycle);
        next.ifPresent(Job::run);
        return next;
    }

    private Optional<Job> nextOpen() {
        while (!open.isEmpty()) {
            Job job = open.removeFirst();
            boolean waits = jobs.get(job.unit()) == job && !job.isRunning();
            if (waits && !graph.isBlocked(job.unit())) {
                return Optional.of(job);
            }
        }
        return Optional.empty();
    }

    private Optional<Job> nextOfCycle() {
        if (!mayBeCyclic) {
            return Optional.empty();
        }
        Cycles.Deadlock deadlock = Cycles.deadlock(graph, this::isRunning);
        mayBeCyclic = deadlock.isCyclic();
        return deadlock.next().map(jobs::get);
    }

    private boolean isRunning(String unit) {
        Job job = jobs.get(unit);
        return job != null && job.isRunning();
    }

    /** Ends a job; starts that need a unit whose start failed end with it, and so on. */
    public void finish(Job job, JobResult result) {
        if (!remove(job)) {
            return;
        }
        Deque<Job> failed = new ArrayDeque<>();
        if (isFailure(result) && job.kind() != Kind.STOP) {
            failed.add(job);
        }
        List<Job> lost = new ArrayList<>();
        while (!failed.isEmpty()) {
            String missing = failed.remove().unit();
            for (String unit : graph.needing(missing)) {
                Job other = jobs.get(unit);
                if (other != null && !other.isRunning()) {
                    remove(other);
                    lost.add(other);
                    failed.add(other);
                }
            }
        }
        lost.reversed().forEach(other -> other.end(JobResult.DEPENDENCY));
        job.end(result);
    }

    private static boolean isFailure(JobResult result) {
        return result == JobResult.FAILED
                || result == JobResult.TIMEOUT
                || result == JobResult.DEPENDENCY;
    }

    /** Ends everything, when the machine goes down. */
    public void cancelAll() {
        List.copyOf(jobs.values()).forEach(job -> finish(job, JobResult.CANCELED));
    }

    private boolean remove(Job job) {
        if (!jobs.remove(job.unit(), job)) {
            return false;
        }
        for (String unit : graph.awaiting(job.unit())) {
            Job waiting = jobs.get(unit);
            if (waiting != null) {
                open.add(waiting);
            }
        }
        graph.remove(job.unit());
        return true;
    }
}
