package flotilla.sim.fleet;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.schedule.Requirements;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * New texts on their way to units, against what rollouts promise: no more units at once have it and
 * are not healthy yet than was asked for, nothing is given out while one is paused or over, and a
 * text with which no unit is ever healthy never counts as rolled out.
 */
final class Parade {
    /** Of the time that a unit must be healthy: clocks that measure it may be wrong. */
    private static final double CLOCK_ERROR = 0.9;

    private static final String ANYWHERE = "";

    private final World world;
    private final Keeper keeper;
    private final Map<String, Step> steps = new HashMap<>();

    /** A unit, or a global one on one machine, that was given a text, until somebody changes it. */
    private static final class Step {
        private static final long NOT_HEALTHY = -1;

        private final Job job;
        private final String machine;
        private final String set;
        private final long minHealthyNanos;
        private long healthyNanos = NOT_HEALTHY;
        private boolean settled;

        Step(Job job, String machine, Rollout rollout) {
            this.job = job;
            this.machine = machine;
            this.set = rollout.name();
            this.minHealthyNanos =
                    (long) (rollout.policy().minHealthyMillis() * 1_000_000 * CLOCK_ERROR);
        }

        String id() {
            return Parade.id(job.name(), machine);
        }

        boolean isSettled(long now) {
            settled |= healthyNanos != NOT_HEALTHY && now - healthyNanos >= minHealthyNanos;
            return settled;
        }

        void fares(boolean healthy, long now) {
            var _ = isSettled(now);
            if (!healthy) {
                healthyNanos = NOT_HEALTHY;
            } else if (healthyNanos == NOT_HEALTHY) {
                healthyNanos = now;
            }
        }
    }

    Parade(World world, Keeper keeper) {
        this.world = world;
        this.keeper = keeper;
    }

    private @Nullable Entry now(Key key) {
        Stored there = keeper.get(key);
        return there == null ? null : there.entry();
    }

    /** An engine is about to write that. */
    void written(Write write) {
        for (Entry entry : write.puts()) {
            if (entry instanceof Entry.OfJob(Job job)) {
                given(job);
            } else if (entry instanceof Entry.OfPlacement(var machine, var unit, var told, _, _)) {
                told(machine, unit, told);
            } else if (entry instanceof Entry.OfRollout(Rollout rollout)) {
                steered(rollout);
            }
        }
    }

    private void given(Job job) {
        String set = set(job.name());
        if (!(now(new Key.OfRollout(set)) instanceof Entry.OfRollout(Rollout rollout))
                || rollout.phase() == Phase.PAUSED
                || rollout.phase().isOver()) {
            throw world.broken("only a rollout that goes on gives out texts", "%s", job);
        }
        if (job.hash().equals(rollout.hash())
                && job.desired() != JobState.INACTIVE
                && !isGlobal(job)) {
            step(new Step(job, ANYWHERE, rollout), rollout);
        }
    }

    private boolean isGlobal(Job job) {
        return now(new Key.OfText(job.hash())) instanceof Entry.OfText its
                && Requirements.of(job.name(), its.text()).filter(Requirements::global).isPresent();
    }

    /** A global unit's machine; one that had nothing of it gets what is wanted by then. */
    private void told(String machine, String unit, Assignment told) {
        if (!(now(new Key.OfRollout(set(unit))) instanceof Entry.OfRollout(Rollout rollout))
                || !(now(new Key.OfJob(unit)) instanceof Entry.OfJob(Job job))
                || !isOf(rollout, job)
                || !isGlobal(job)
                || !(now(new Key.OfPlacement(machine, unit))
                        instanceof Entry.OfPlacement(_, _, var before, _, _))
                || before.isWithdrawn()
                || told.isWithdrawn()
                || before.hash().equals(told.hash())) {
            return;
        }
        if (rollout.phase() == Phase.PAUSED || rollout.phase() == Phase.FAILED) {
            throw world.broken(
                    "only a rollout that goes on gives out texts", "%s on %s", job, machine);
        }
        if (told.hash().equals(rollout.hash()) && rollout.phase() == Phase.RUNNING) {
            step(new Step(job, machine, rollout), rollout);
        }
    }

    /** Somebody may have given it another text since. */
    private static boolean isOf(Rollout rollout, Job job) {
        return job.hash().equals(rollout.hash())
                || job.previous().filter(rollout.hash()::equals).isPresent();
    }

    private void step(Step next, Rollout rollout) {
        long others =
                steps.values().stream()
                        .filter(step -> step.set.equals(next.set))
                        .filter(step -> step.job.hash().equals(next.job.hash()))
                        .filter(step -> !step.id().equals(next.id()))
                        .filter(step -> !step.isSettled(world.now()))
                        .count();
        if (others >= rollout.policy().parallelism()) {
            throw world.broken(
                    "a rollout goes on as its policy says", "%s after %d", next.id(), others);
        }
        steps.put(next.id(), next);
    }

    private static String set(String unit) {
        return Texts.isInstance(unit) ? Texts.TEMPLATE : unit;
    }

    private void steered(Rollout rollout) {
        if (rollout.phase() == Phase.FAILED && rollout.stage().reason().isEmpty()) {
            throw world.broken("a rollout that fails says why", "%s", rollout);
        }
        boolean bad =
                now(new Key.OfText(rollout.hash())) instanceof Entry.OfText its
                        && Texts.isBad(its.text());
        for (Step step : steps.values()) {
            if (rollout.phase() == Phase.DONE
                    && bad
                    && step.set.equals(rollout.name())
                    && step.job.hash().equals(rollout.hash())
                    && step.job.desired() == JobState.LAUNCHED) {
                throw world.broken("no bad text is rolled out", "%s: %s", rollout, step.job);
            }
        }
    }

    void changed(Change change) {
        switch (change) {
            case Change.Put(Entry.OfJob(Job job), long _) ->
                    steps.values()
                            .removeIf(step ->
                                    step.job.name().equals(job.name()) && !step.job.equals(job));
            case Change.Put(Entry.Unreadable(Key.OfJob(String unit)), long _) -> forget(unit);
            case Change.Removed(Key.OfJob(String unit)) -> forget(unit);
            case Change.Put(Entry.OfAcknowledgement(var machine, var unit, var said), long _) ->
                    fares(machine, unit, said);
            case Change.Removed(Key.OfAcknowledgement(var machine, var unit)) ->
                    isLost(machine, unit);
            case Change.Put(Entry.OfPlacement(var machine, var unit, var told, _, _), long _)
                    when told.isWithdrawn() ->
                    steps.remove(id(unit, machine));
            case Change.Removed(Key.OfPlacement(var machine, var unit)) -> {
                isLost(machine, unit);
                steps.remove(id(unit, machine));
            }
            default -> {}
        }
    }

    private void forget(String unit) {
        steps.values().removeIf(step -> step.job.name().equals(unit));
    }

    private void fares(String machine, String unit, Acknowledgement said) {
        // How one fares that a machine has to give up says nothing of the copy that follows it.
        if (!(keeper.get(new Key.OfPlacement(machine, unit))
                        instanceof Stored(Entry.OfPlacement told, long revision))
                || revision != said.placement()
                || told.assignment().isWithdrawn()) {
            return;
        }
        for (Step step : steps(machine, unit)) {
            if (said.generation() == step.job.generation()) {
                boolean well = said.health().isHealthy();
                step.fares(well || step.job.desired() == JobState.LOADED, world.now());
            }
        }
    }

    /** What is forgotten of a machine that it has left says nothing of how it fares where it is. */
    private void isLost(String machine, String unit) {
        boolean elsewhere =
                now(new Key.OfOwner(unit)) instanceof Entry.OfOwner(_, String owner)
                        && !owner.equals(machine);
        if (!elsewhere) {
            steps(machine, unit).forEach(step -> step.fares(false, world.now()));
        }
    }

    private List<Step> steps(String machine, String unit) {
        return Stream.of(id(unit, ANYWHERE), id(unit, machine))
                .flatMap(id -> Optional.ofNullable(steps.get(id)).stream())
                .toList();
    }

    private static String id(String unit, String machine) {
        return unit + " " + machine;
    }
}
