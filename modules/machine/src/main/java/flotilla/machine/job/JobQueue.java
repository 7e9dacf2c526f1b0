package flotilla.machine.job;

import flotilla.machine.Init.JobResult;
import flotilla.machine.job.Job.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs, at most one a unit, and which of them may run now. Two ordered units start one
 * after the other and stop in reverse; a stop goes before a start whichever way they are ordered
 * (systemd.unit(5), Before=).
 */
public final class JobQueue {
    private final Units units;
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    public JobQueue(Units units) {
        this.units = units;
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
        Job job = new Job(unit, kind);
        jobs.put(unit, job);
        return job;
    }

    public @Nullable Job of(String unit) {
        return jobs.get(unit);
    }

    public boolean isEmpty() {
        return jobs.isEmpty();
    }

    /**
     * The next job that may run, marked as running. Of jobs that wait for each other in a cycle one
     * may: systemd drops a job then, we drop the order.
     */
    public Optional<Job> next() {
        Optional<Job> next =
                waiting()
                        .filter(job -> !isBlocked(job))
                        .findFirst()
                        .or(() -> waiting().filter(this::isInCycle).findFirst());
        next.ifPresent(Job::run);
        return next;
    }

    private Stream<Job> waiting() {
        return jobs.values().stream().filter(job -> !job.isRunning());
    }

    /** It waits for itself in the end, and for nothing that still moves. */
    private boolean isInCycle(Job job) {
        Set<Job> awaited = new HashSet<>();
        Deque<Job> open = new ArrayDeque<>(List.of(job));
        while (!open.isEmpty()) {
            Job each = open.remove();
            jobs.values().stream()
                    .filter(other -> other != each && waits(each, other))
                    .filter(awaited::add)
                    .forEach(open::add);
        }
        return awaited.contains(job) && awaited.stream().noneMatch(Job::isRunning);
    }

    /** Ends a job; starts that need a unit whose start failed end with it, and so on. */
    public void finish(Job job, JobResult result) {
        if (!jobs.remove(job.unit(), job)) {
            return;
        }
        Deque<Job> failed = new ArrayDeque<>();
        if (isFailure(result) && job.kind() != Kind.STOP) {
            failed.add(job);
        }
        List<Job> lost = new ArrayList<>();
        while (!failed.isEmpty()) {
            String missing = failed.remove().unit();
            for (Job other : List.copyOf(jobs.values())) {
                boolean waits = other.kind() == Kind.START && !other.isRunning();
                if (waits && units.dependencies(other.unit()).needs().contains(missing)) {
                    jobs.remove(other.unit(), other);
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

    private boolean isBlocked(Job job) {
        return jobs.values().stream().anyMatch(other -> other != job && waits(job, other));
    }

    private boolean waits(Job job, Job other) {
        boolean after = isAfter(job.unit(), other.unit());
        boolean before = isAfter(other.unit(), job.unit());
        if (job.kind() == Kind.RELOAD || other.kind() == Kind.RELOAD) {
            return false;
        }
        if (job.kind() == Kind.STOP) {
            return other.kind() == Kind.STOP && before;
        }
        return other.kind() == Kind.STOP ? after || before : after;
    }

    private boolean isAfter(String unit, String other) {
        return units.dependencies(unit).after().contains(other)
                || units.dependencies(other).before().contains(unit);
    }
}
