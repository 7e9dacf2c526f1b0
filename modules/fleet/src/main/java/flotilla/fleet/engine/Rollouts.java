package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Versioned;
import flotilla.fleet.engine.Decision.Dismiss;
import flotilla.fleet.engine.Decision.Retext;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Recoveries.Fate;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of rollouts: which unit gets the new text next, or its old one back, and when a
 * rollout is over. {@link Rollout} has the phases. A unit is only given another text here; that it
 * then is where it belongs, and of that text, is the {@link Reconciler}'s part.
 *
 * <ul>
 *   <li>Units go by the order of their instances, 2 before 10, and no more than the policy says
 *       that have the new text are not healthy at once. One that is broken and has an old text
 *       keeps nothing back: the new one may be its repair.
 *   <li>On the way back those that are not healthy go at once, and the others as they came. A unit
 *       that failed with its old text, too, is not waited for; and after one that took too long
 *       nobody is.
 *   <li>A global unit has the text before its machines have: they follow in the order of their ids,
 *       each as if it were a unit of its own (see {@link flotilla.fleet.cluster.GlobalRollout}).
 *   <li>A unit that somebody gave a text of its own is left alone, one that was destroyed or
 *       stopped is not waited for. A set that somebody gave another text ends the rollout.
 * </ul>
 */
final class Rollouts {
    private final Cluster cluster;
    private final Recoveries recoveries;
    private final Now now;
    private final Alarm alarm;
    private final Set<Copy> watched = new HashSet<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final Renewals renewals = new Renewals();

    private Rollouts(Cluster cluster, Recoveries recoveries, Now now, Alarm alarm) {
        this.cluster = cluster;
        this.recoveries = recoveries;
        this.now = now;
        this.alarm = alarm;
    }

    /**
     * @param renewals machines that are to be told next; the {@link Reconciler} does
     */
    record Turns(List<Decision> decisions, Renewals renewals) {}

    static Turns decide(Cluster cluster, Recoveries recoveries, Now now, Alarm alarm) {
        Rollouts rollouts = new Rollouts(cluster, recoveries, now, alarm);
        cluster.rollouts().values().forEach(rollouts::decide);
        recoveries.keepOnly(rollouts.watched);
        return new Turns(rollouts.decisions, rollouts.renewals);
    }

    private void decide(Versioned<Rollout> known) {
        if (UnitName.problem(known.value().name()).isPresent()) {
            return;
        }
        switch (known.value().phase()) {
            case RUNNING -> forward(known);
            case UNDOING -> back(known);
            case PAUSED -> {}
            case DONE, UNDONE, FAILED -> forget(known);
        }
    }

    private void forward(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        Lineup lineup = new Lineup(cluster, rollout);
        Optional<String> overtaken = overtaken(rollout, lineup.set());
        if (overtaken.isPresent()) {
            steer(known, Phase.FAILED, overtaken.get());
            return;
        }
        List<Copy> waiting = new ArrayList<>();
        int underWay = 0;
        boolean readable = !lineup.hasUnreadable();
        for (Copy copy : lineup.forward()) {
            Optional<String> bad = deadly(copy);
            boolean given = lineup.isNew(copy.job()) && !copy.isBehind(cluster);
            if (lineup.isOpaque(copy)) {
                readable = false;
                // Nobody knows how it fares with the text.
                underWay += given && copy.runs() ? 1 : 0;
            } else if (!given) {
                waiting.add(copy);
            } else {
                Fate fate = fate(copy, rollout);
                underWay += fate instanceof Fate.UnderWay ? 1 : 0;
                bad = bad.or(() -> bad(fate));
            }
            if (bad.isPresent()) {
                fails(known, bad.get());
                return;
            }
        }
        if (!waiting.isEmpty()) {
            give(known, waiting, rollout.policy().parallelism() - underWay);
        } else if (underWay == 0 && readable) {
            boolean none = lineup.units().isEmpty() && !rollout.from().isEmpty();
            steer(
                    known,
                    none ? Phase.FAILED : Phase.DONE,
                    none ? "no unit of it is there any more" : "");
        }
    }

    private static Optional<String> bad(Fate fate) {
        return switch (fate) {
            case Fate.Settled _, Fate.UnderWay _ -> Optional.empty();
            case Fate.Late(String reason) -> Optional.of(reason);
            case Fate.Failed(String reason) -> Optional.of(reason);
        };
    }

    /** Where machines die of a global unit nobody is left to say how it fares. */
    private Optional<String> deadly(Copy copy) {
        String unit = copy.job().name();
        return cluster.strikes(unit)
                .filter(against -> copy.isGlobal() && against.hold(now.wallMillis()).isPresent())
                .map(against -> unit + ": " + against.deaths());
    }

    /** Somebody gave the set another text since: that is what counts now. */
    private Optional<String> overtaken(Rollout rollout, UnitName set) {
        boolean single = !set.isTemplate();
        return cluster.job(set.full())
                .filter(job -> !job.hash().equals(rollout.hash()))
                .filter(job -> !(single && rollout.from().contains(job.hash())))
                .map(job -> job.name() + " was given another text meanwhile");
    }

    private Fate fate(Copy copy, Rollout rollout) {
        watched.add(copy);
        return recoveries.of(cluster, copy, rollout.policy(), alarm);
    }

    private void fails(Versioned<Rollout> known, String reason) {
        boolean undo = known.value().policy().autoUndo();
        steer(known, undo ? Phase.UNDOING : Phase.FAILED, reason);
    }

    /** One that is not to run takes nobody's place. */
    private void give(Versioned<Rollout> known, List<Copy> waiting, int places) {
        int free = places;
        for (Copy copy : waiting) {
            if (copy.runs() && free <= 0) {
                return;
            }
            if (copy.isGlobal()) {
                renew(known, copy, "its turn");
            } else {
                retext(known, copy.job(), known.value().hash(), "its turn");
            }
            free -= copy.runs() ? 1 : 0;
        }
    }

    private void back(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        Lineup lineup = new Lineup(cluster, rollout);
        List<Copy> well = new ArrayList<>();
        // First the template: who starts an instance now gets the old text.
        boolean over = !template(known, lineup) && !lineup.hasUnreadable();
        int underWay = 0;
        boolean waits = true;
        for (Copy copy : lineup.back()) {
            if (lineup.isOpaque(copy)) {
                over = false;
            } else if (lineup.before(copy.job()).isPresent() || copy.isBehind(cluster)) {
                over = false;
                if (copy.runs() && copy.health(cluster).isHealthy()) {
                    well.add(copy);
                } else {
                    returns(known, copy, "back, since it is not healthy");
                    underWay += copy.runs() ? 1 : 0;
                }
            } else if (lineup.isBack(copy)) {
                Fate fate = fate(copy, rollout);
                waits = waits && !(fate instanceof Fate.Late);
                underWay += fate instanceof Fate.UnderWay && isSomewhere(copy) ? 1 : 0;
            }
        }
        int places = waits ? rollout.policy().parallelism() - underWay : well.size();
        well.stream()
                .limit(Math.max(0, places))
                .forEach(copy -> returns(known, copy, "back, at its turn"));
        if (over && underWay == 0) {
            steer(known, Phase.UNDONE, rollout.stage().reason());
        }
    }

    private boolean isSomewhere(Copy copy) {
        return copy.isGlobal() || cluster.owner(copy.job().name()).isPresent();
    }

    /** Whether the template, if the set is one, has the new text, and so is given its old one. */
    private boolean template(Versioned<Rollout> known, Lineup lineup) {
        Optional<Job> template =
                cluster.job(lineup.set().full())
                        .filter(_ -> lineup.set().isTemplate())
                        .filter(job -> lineup.before(job).isPresent());
        template.ifPresent(job -> returns(known, Copy.of(job), "back, for instances to come"));
        return template.isPresent();
    }

    private void returns(Versioned<Rollout> known, Copy copy, String reason) {
        if (copy.isGlobal()) {
            renew(known, copy, reason);
        } else {
            new Lineup(cluster, known.value())
                    .before(copy.job())
                    .ifPresent(hash -> retext(known, copy.job(), hash, reason));
        }
    }

    private void forget(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        long restMillis =
                rollout.stage().sinceMillis() + Rollout.KEPT.toMillis() - now.wallMillis();
        if (rollout.phase() == Phase.FAILED && isHalfWay(rollout)) {
            return;
        }
        if (restMillis <= 0) {
            String reason = "over for %d days".formatted(Rollout.KEPT.toDays());
            decisions.add(new Dismiss(rollout.name(), known.revision(), reason));
        } else {
            alarm.in(restMillis);
        }
    }

    /** Once nobody remembers it, all machines of a global unit would get its text at once. */
    private boolean isHalfWay(Rollout rollout) {
        return new Lineup(cluster, rollout)
                .forward().stream().anyMatch(copy -> copy.isBehind(cluster));
    }

    private void renew(Versioned<Rollout> known, Copy copy, String reason) {
        renewals.add(copy, new Renewals.Renewal(course(known), reason));
    }

    private void retext(Versioned<Rollout> known, Job job, String hash, String reason) {
        Job next = cluster.isGlobal(job.name()) ? job.spreadTo(hash) : job.rolledTo(hash);
        decisions.add(new Retext(next, cluster.jobRevision(job.name()), course(known), reason));
    }

    private static Decision.Course course(Versioned<Rollout> known) {
        return new Decision.Course(known.value().name(), known.revision());
    }

    private void steer(Versioned<Rollout> known, Phase phase, String reason) {
        Stage stage = new Stage(phase, reason, now.wallMillis());
        decisions.add(new Steer(known.value().in(stage), known.revision(), reason));
    }
}
