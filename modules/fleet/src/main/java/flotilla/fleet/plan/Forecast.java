package flotilla.fleet.plan;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.fleet.plan.Plan.Effect;
import flotilla.fleet.plan.Plan.Waiting;
import flotilla.fleet.schedule.Merit;
import flotilla.fleet.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds what follows from something by letting the engine decide on a copy of the cluster, in which
 * every machine that is there does at once what it is told. What is under way anyway is brought to
 * its end first, so that the plan shows what the one thing changes.
 */
public final class Forecast {
    private final Trial trial;

    private Forecast(Collection<Stored> cluster, Now now) {
        this.trial = new Trial(cluster, now);
    }

    /**
     * @param cluster all entries that the engine decides from
     * @param supposed what is done, or happens
     */
    public static Plan of(Collection<Stored> cluster, Collection<Supposition> supposed, Now now) {
        return new Forecast(cluster, now).plan(supposed);
    }

    private Plan plan(Collection<Supposition> supposed) {
        List<Decision> underWay = trial.settle();
        Cluster before = trial.cluster();
        for (Supposition supposition : supposed) {
            List<Change> changes = supposition.changes(trial);
            trial.change(changes);
        }
        // As the engine's own board sees it when it chooses.
        Schedule chosen = trial.cluster().schedule(trial.now().wallMillis());
        List<Decision> decisions = trial.settle();
        Cluster after = trial.cluster();
        return new Plan(
                effects(before, after, decisions).stream()
                        .map(effect -> withMerit(effect, chosen))
                        .toList(),
                waiting(after),
                decisions,
                underWay,
                trial.isSettled());
    }

    private static List<Effect> effects(Cluster before, Cluster after, List<Decision> decisions) {
        Map<String, String> reasons = new TreeMap<>();
        Map<String, String> strikes = new HashMap<>();
        for (Decision decision : decisions) {
            unit(decision)
                    .ifPresent(name -> {
                        String struck = strikes.get(name);
                        String reason = decision.reason();
                        reasons.put(name, struck == null ? reason : struck + "; " + reason);
                        if (decision instanceof Decision.Strike) {
                            strikes.put(name, reason);
                        }
                    });
        }
        List<Effect> effects = new ArrayList<>();
        reasons.forEach((unit, reason) -> {
            Effect.Verb verb = verb(before, after, unit);
            effects.add(
                    new Effect(
                            unit,
                            verb,
                            machines(before, unit),
                            machines(after, unit),
                            reason,
                            Optional.empty()));
        });
        return effects;
    }

    /** Left out where the unit ends up elsewhere, since more happened meanwhile. */
    private static Effect withMerit(Effect effect, Schedule chosen) {
        Optional<Merit> merit =
                chosen.merit(effect.unit())
                        .filter(found -> effect.to().equals(Set.of(found.best().machineId())));
        return new Effect(
                effect.unit(), effect.verb(), effect.from(), effect.to(), effect.reason(), merit);
    }

    private static Effect.Verb verb(Cluster before, Cluster after, String unit) {
        Set<String> from = machines(before, unit);
        Set<String> to = machines(after, unit);
        if (from.equals(to)) {
            return Effect.Verb.CHANGE;
        }
        if (from.isEmpty()) {
            return Effect.Verb.PLACE;
        }
        if (!to.isEmpty()) {
            return after.isGlobal(unit) ? Effect.Verb.CHANGE : Effect.Verb.MOVE;
        }
        return isWanted(after, unit) ? Effect.Verb.LOSE : Effect.Verb.STOP;
    }

    private static boolean isWanted(Cluster cluster, String unit) {
        return cluster.job(unit).filter(job -> job.desired() != JobState.INACTIVE).isPresent();
    }

    /** The machines that are told to have it. */
    private static Set<String> machines(Cluster cluster, String unit) {
        Set<String> machines = new TreeSet<>();
        cluster.told(unit)
                .forEach((machine, told) -> {
                    if (!told.isWithdrawn()) {
                        machines.add(machine);
                    }
                });
        return machines;
    }

    /** The unit a decision is about; none for what is only remembered or collected. */
    private static Optional<String> unit(Decision decision) {
        return switch (decision) {
            case Decision.Place place -> Optional.of(place.wish().job().name());
            case Decision.Update update -> Optional.of(update.wish().job().name());
            case Decision.Renew renew -> Optional.of(renew.wish().job().name());
            case Decision.Withdraw withdraw -> Optional.of(withdraw.unit());
            case Decision.Release release -> Optional.of(release.unit());
            case Decision.Move move -> Optional.of(move.wish().job().name());
            case Decision.Overlap overlap -> Optional.of(overlap.wish().job().name());
            case Decision.Strike strike -> Optional.of(strike.unit());
            case Decision.Retext retext -> Optional.of(retext.next().name());
            case Decision.Steer _, Decision.Dismiss _ -> Optional.empty();
            case Decision.Forgive _, Decision.Collect _, Decision.Remember _, Decision.Forget _ ->
                    Optional.empty();
        };
    }

    private List<Waiting> waiting(Cluster after) {
        long now = trial.now().wallMillis();
        Schedule schedule = after.schedule(now);
        List<Waiting> waiting = new ArrayList<>();
        for (Job job : after.jobs()) {
            String unit = job.name();
            if (job.desired() == JobState.INACTIVE
                    || after.isGlobal(unit)
                    || !machines(after, unit).isEmpty()) {
                continue;
            }
            String reason =
                    after.requirements(unit).isEmpty()
                            ? "its text can't be read"
                            : after.hold(unit, now).orElse("no machine can have it");
            waiting.add(new Waiting(unit, reason, schedule.refusals(unit)));
        }
        return waiting;
    }
}
