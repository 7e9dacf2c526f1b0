package flotilla.sim.fleet;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * New texts on their way to units, against what rollouts promise: no more units at once have it and
 * are not healthy yet than was asked for, nothing is given out while one is paused or over, and a
 * text with which no unit is ever healthy never counts as rolled out.
 */
final class Parade {
    /** Of the time that a unit must be healthy: clocks that measure it may be wrong. */
    private static final double CLOCK_ERROR = 0.9;

    private final World world;
    private final Keeper keeper;
    private final Map<String, Step> steps = new HashMap<>();

    /** A unit that was given a text, until somebody else changes it. */
    private static final class Step {
        private static final long NOT_HEALTHY = -1;

        private final Job job;
        private final String set;
        private final long minHealthyNanos;
        private long healthyNanos = NOT_HEALTHY;
        private boolean settled;

        Step(Job job, Rollout rollout) {
            this.job = job;
            this.set = rollout.name();
            this.minHealthyNanos =
                    (long) (rollout.policy().minHealthyMillis() * 1_000_000 * CLOCK_ERROR);
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
        if (job.hash().equals(rollout.hash()) && job.desired() != JobState.INACTIVE) {
            long others =
                    steps.values().stream()
                            .filter(step -> step.set.equals(set))
                            .filter(step -> step.job.hash().equals(job.hash()))
                            .filter(step -> !step.job.name().equals(job.name()))
                            .filter(step -> !step.isSettled(world.now()))
                            .count();
            if (others >= rollout.policy().parallelism()) {
                throw world.broken(
                        "a rollout goes on as its policy says", "%s after %d", job, others);
            }
            steps.put(job.name(), new Step(job, rollout));
        }
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
                    steps.computeIfPresent(
                            job.name(), (_, step) -> step.job.equals(job) ? step : null);
            case Change.Put(Entry.Unreadable(Key.OfJob(String unit)), long _) -> steps.remove(unit);
            case Change.Removed(Key.OfJob(String unit)) -> steps.remove(unit);
            case Change.Put(Entry.OfAcknowledgement(var machine, var unit, var said), long _) ->
                    fares(machine, unit, said);
            case Change.Removed(Key.OfAcknowledgement(var _, var unit)) -> fares(unit, false);
            case Change.Removed(Key.OfPlacement(var _, var unit)) -> fares(unit, false);
            default -> {}
        }
    }

    private void fares(String machine, String unit, Acknowledgement said) {
        Step step = steps.get(unit);
        Stored told = keeper.get(new Key.OfPlacement(machine, unit));
        if (step != null
                && told != null
                && told.revision() == said.placement()
                && said.generation() == step.job.generation()) {
            fares(unit, said.health().isHealthy() || step.job.desired() == JobState.LOADED);
        }
    }

    private void fares(String unit, boolean healthy) {
        Step step = steps.get(unit);
        if (step != null) {
            step.fares(healthy, world.now());
        }
    }
}
