package flotilla.machine.embedded;

import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import flotilla.machine.job.Dependencies;
import flotilla.machine.job.Job;
import flotilla.machine.job.Job.Kind;
import flotilla.machine.job.JobPlanner;
import flotilla.machine.job.JobQueue;
import flotilla.machine.service.Phase;
import flotilla.machine.service.Result;
import flotilla.machine.service.ServiceAction;
import flotilla.machine.service.ServiceEvent;
import flotilla.machine.service.ServiceMachine;
import flotilla.machine.service.Signals;
import flotilla.platform.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All units of a machine and the jobs on them: decides with {@link JobPlanner}, {@link JobQueue}
 * and {@link ServiceMachine}, does with {@link ServiceHost}. Only for the owner's thread.
 */
final class Supervisor {
    private final UnitTable units;
    private final Conditions conditions;
    private final JournalFiles journal;
    private final Clock clock;
    private final Consumer<UnitState> listener;
    private final JobQueue queue;
    private final ServiceHost host;
    private final Permits permits;
    private boolean pumping;

    Supervisor(Site site, Clock clock, Consumer<UnitState> listener) {
        this.units = new UnitTable(site, listener);
        this.queue = new JobQueue(units);
        this.conditions = new Conditions(site.directories(), site.config());
        this.journal = site.journal();
        this.clock = clock;
        this.listener = listener;
        this.host = new ServiceHost(site, this::happened);
        this.permits = new Permits(site, clock);
    }

    /** Reads all unit files again; a unit that runs goes on, by its new settings. */
    void reload() throws IOException {
        units.reload(name -> queue.of(name) != null);
        queue.reordered();
    }

    UnitRuntime unit(String name) {
        return units.unit(name);
    }

    CompletableFuture<JobResult> request(Kind kind, String name) {
        UnitRuntime unit = unit(name);
        if (kind == Kind.STOP && unit.loaded.load().equals("not-found") && unit.isOver()) {
            return CompletableFuture.completedFuture(JobResult.NOT_LOADED);
        }
        boolean up = kind == Kind.START && unit.isActive();
        if (up && !unit.loaded.load().equals("loaded")) {
            return CompletableFuture.completedFuture(JobResult.DONE);
        }
        boolean starts = kind == Kind.START || kind == Kind.RESTART;
        if (starts && !unit.loaded.load().equals("loaded")) {
            String remarks = String.join("; ", unit.loaded.remarks());
            journal.note(name, "Cannot start " + name + ": " + unit.loaded.load() + ", " + remarks);
            return CompletableFuture.completedFuture(JobResult.NOT_LOADED);
        }
        JobPlanner.Plan plan = JobPlanner.plan(units, kind, name);
        if (plan.refusal().isPresent()) {
            journal.note(name, "Cannot start " + name + ": " + plan.refusal().get());
            return CompletableFuture.completedFuture(JobResult.DEPENDENCY);
        }
        plan.remarks().forEach(remark -> journal.note(name, remark));
        for (JobPlanner.Wish wish : plan.wishes()) {
            queue.add(wish.unit(), wish.kind());
        }
        Job own = queue.of(name);
        CompletableFuture<JobResult> result =
                own == null ? CompletableFuture.completedFuture(JobResult.DONE) : done(own);
        pump();
        return result;
    }

    /** Every unit in one go: asked for one by one, a unit would go before those that need it. */
    CompletableFuture<?> stopAll() {
        queue.cancelAll();
        CompletableFuture<?>[] stops =
                units.all().stream()
                        .filter(unit -> !unit.isOver())
                        .map(unit -> done(queue.add(unit.name(), Kind.STOP)))
                        .toArray(CompletableFuture[]::new);
        pump();
        return CompletableFuture.allOf(stops);
    }

    private static CompletableFuture<JobResult> done(Job job) {
        CompletableFuture<JobResult> done = new CompletableFuture<>();
        job.whenDone(done::complete);
        return done;
    }

    /** Runs jobs until none may run; a nested call leaves that to the outer one. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            for (Optional<Job> next = queue.next(); next.isPresent(); next = queue.next()) {
                UnitRuntime unit = unit(next.get().unit());
                unit.job = next.get();
                unit.ordered = false;
                advance(unit);
            }
        } finally {
            pumping = false;
        }
    }

    /** Brings the unit's job one step further, or to its end, as the unit's state allows. */
    private void advance(UnitRuntime unit) {
        Job job = unit.job;
        if (job == null) {
            return;
        }
        if (job.result().isPresent()) {
            unit.job = null; // Replaced by another job.
            return;
        }
        switch (job.kind()) {
            case START -> advanceStart(unit, job);
            case STOP -> {
                if (unit.isOver()) {
                    finish(unit, job, JobResult.DONE);
                } else {
                    orderOnce(unit, new ServiceEvent.Stop());
                }
            }
            case RESTART -> {
                if (!unit.ordered && !unit.isOver()) {
                    if (!unit.service.phase().isStopping()) {
                        happened(unit, new ServiceEvent.Stop());
                    }
                } else {
                    advanceStart(unit, job);
                }
            }
            case RELOAD -> {
                if (unit.service.phase() == Phase.RELOAD) {
                    return;
                }
                if (unit.ordered) {
                    boolean well = unit.isActive() && !unit.service.reloadFailed();
                    finish(unit, job, well ? JobResult.DONE : JobResult.FAILED);
                } else if (!unit.isActive()) {
                    finish(unit, job, JobResult.FAILED);
                } else {
                    orderOnce(unit, new ServiceEvent.Reload());
                    advance(unit);
                }
            }
        }
    }

    private void advanceStart(UnitRuntime unit, Job job) {
        Phase phase = unit.service.phase();
        if (permits.isOver(unit.name())) {
            journal.note(unit.name(), "Not started: nobody has renewed what permits it to run");
            finish(unit, job, JobResult.CANCELED);
        } else if (unit.isActive()) {
            finish(unit, job, JobResult.DONE);
        } else if (unit.ordered && (unit.isOver() || phase == Phase.AUTO_RESTART)) {
            finish(unit, job, outcome(unit));
        } else if (unit.isOver() || phase == Phase.AUTO_RESTART) {
            String missing = missing(unit);
            if (!missing.isEmpty()) {
                journal.note(unit.name(), "It needs " + missing + ", which is not active");
                finish(unit, job, JobResult.DEPENDENCY);
            } else if (conditionsHold(unit, job)) {
                orderOnce(unit, new ServiceEvent.Start());
            }
        }
    }

    private static JobResult outcome(UnitRuntime unit) {
        return switch (unit.service.result()) {
            case SUCCESS -> JobResult.DONE;
            case TIMEOUT -> JobResult.TIMEOUT;
            default -> JobResult.FAILED;
        };
    }

    /**
     * What must be active for the unit to start, and neither is nor is about to be: a requisite, or
     * what the unit is bound to and comes after (systemd.unit(5), BindsTo=).
     */
    private String missing(UnitRuntime unit) {
        Dependencies its = unit.loaded.dependencies();
        return Stream.concat(
                        its.requisite().stream(),
                        its.bindsTo().stream().filter(its.after()::contains))
                .filter(other -> !unit(other).isActive() && queue.of(other) == null)
                .findFirst()
                .orElse("");
    }

    /** A condition that does not hold skips the start and is no failure; an assertion is one. */
    private boolean conditionsHold(UnitRuntime unit, Job job) {
        try {
            Optional<String> condition = conditions.unmet(unit.loaded, "Condition");
            if (condition.isPresent()) {
                journal.note(
                        unit.name(), "Condition check resulted in skipping: " + condition.get());
                finish(unit, job, JobResult.DONE);
                return false;
            }
            Optional<String> assertion = conditions.unmet(unit.loaded, "Assert");
            if (assertion.isPresent()) {
                journal.note(unit.name(), "Assertion failed: " + assertion.get());
                finish(unit, job, JobResult.FAILED);
                return false;
            }
            return true;
        } catch (IOException e) {
            journal.note(unit.name(), "checking its conditions: " + e);
            finish(unit, job, JobResult.FAILED);
            return false;
        }
    }

    private void orderOnce(UnitRuntime unit, ServiceEvent event) {
        if (!unit.ordered) {
            unit.ordered = true;
            happened(unit, event);
        }
    }

    private void finish(UnitRuntime unit, Job job, JobResult result) {
        unit.job = null;
        queue.finish(job, result);
        pump();
    }

    /** An event of a unit: decides, does, and lets everything that waits for it go on. */
    private void happened(UnitRuntime unit, ServiceEvent event) {
        UnitState before = unit.state();
        Phase phaseBefore = unit.service.phase();
        if (unit.loaded.isTarget()) {
            unit.targetUp = targetUp(unit.targetUp, event);
        } else if (unit.loaded.service().isPresent()) {
            step(unit, event);
        }
        if (!unit.service.phase().runs() && phaseBefore.runs()) {
            host.release(unit);
        }
        UnitState after = unit.state();
        if (!after.equals(before)) {
            if (!after.active().equals(before.active())) {
                unit.since = Instant.now();
                Announcement.of(unit, before, after)
                        .ifPresent(words -> journal.note(unit.name(), words));
            }
            listener.accept(after);
        }
        advance(unit);
        boolean ended = unit.isOver() || unit.service.phase() == Phase.AUTO_RESTART;
        if (ended && !after.equals(before)) {
            pullDown(unit);
        }
        pump();
    }

    private static boolean targetUp(boolean before, ServiceEvent event) {
        return switch (event) {
            case ServiceEvent.Start _ -> true;
            case ServiceEvent.Stop _ -> false;
            default -> before;
        };
    }

    private void step(UnitRuntime unit, ServiceEvent event) {
        boolean fresh = unit.isOver() || unit.service.phase() == Phase.AUTO_RESTART;
        ServiceMachine.Step step =
                ServiceMachine.step(
                        unit.loaded.service().orElseThrow(), unit.service, event, clock.nanos());
        unit.service = step.service();
        if (fresh && !unit.isOver()) {
            host.prepare(unit);
            remark(unit);
        }
        for (ServiceAction action : step.actions()) {
            host.perform(unit, action);
        }
        if (permits.units().contains(unit.name())) {
            tellPermits();
        }
    }

    /** Units that may run for so long only, unless it is said again. */
    void permit(Set<String> names, Duration time) {
        permits.give(names, time, this::endWhatMayNotRun);
        tellPermits();
    }

    private void tellPermits() {
        permits.tell(permits.units().stream().map(this::unit).toList());
    }

    /**
     * Before anything that happened while this process stood still is heard: the owner takes what
     * has been due for longer first. Who was ended by the reaper is not started again.
     */
    private void endWhatMayNotRun() {
        for (String name : permits.units()) {
            UnitRuntime unit = unit(name);
            if (permits.isOver(name) && !unit.isOver()) {
                journal.note(name, "Ended: nobody has renewed what permits it to run");
                happened(unit, new ServiceEvent.Stop());
                kill(name);
            }
        }
    }

    void kill(String name) {
        UnitRuntime unit = unit(name);
        if (!unit.isOver()) {
            host.perform(
                    unit,
                    new ServiceAction.Signal(
                            ServiceAction.Target.GROUP, Signals.KILL, false, "killed"));
        }
    }

    private void remark(UnitRuntime unit) {
        if (!unit.remarked) {
            unit.remarked = true;
            unit.loaded.remarks().forEach(remark -> journal.note(unit.name(), remark));
        }
    }

    /**
     * What follows when a unit goes down by itself or by a request. One that will be restarted has
     * not failed yet, but it is down.
     */
    private void pullDown(UnitRuntime unit) {
        boolean failed = unit.service.phase() == Phase.FAILED;
        if (failed && unit.service.result() != Result.SUCCESS) {
            for (String other : unit.loaded.dependencies().onFailure()) {
                journal.note(unit.name(), unit.name() + ": Triggering OnFailure= " + other);
                var _ = request(Kind.START, other);
            }
        }
        for (UnitRuntime other : List.copyOf(units.boundTo(unit.name()))) {
            if (other.isUp()) {
                journal.note(other.name(), "Bound to " + unit.name() + ", which went down");
                var _ = request(Kind.STOP, other.name());
            }
        }
    }

    void resetFailed(String name) {
        happened(unit(name), new ServiceEvent.Reset());
    }

    ServiceHost host() {
        return host;
    }

    void cancelJobs() {
        queue.cancelAll();
    }
}
