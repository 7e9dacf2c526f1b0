package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Fitness;
import flotilla.fleet.cluster.Versioned;
import flotilla.fleet.engine.Decision.Dismiss;
import flotilla.fleet.engine.Decision.Retext;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Recoveries.Fate;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.units.NaturalOrder;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Comparator;
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
 *   <li>A unit that somebody gave a text of its own is left alone, one that was destroyed or
 *       stopped is not waited for. A set that somebody gave another text ends the rollout.
 * </ul>
 */
final class Rollouts {
    private final Cluster cluster;
    private final Recoveries recoveries;
    private final Now now;
    private final Alarm alarm;
    private final Set<String> watched = new HashSet<>();
    private final List<Decision> decisions = new ArrayList<>();

    private Rollouts(Cluster cluster, Recoveries recoveries, Now now, Alarm alarm) {
        this.cluster = cluster;
        this.recoveries = recoveries;
        this.now = now;
        this.alarm = alarm;
    }

    static List<Decision> decide(Cluster cluster, Recoveries recoveries, Now now, Alarm alarm) {
        Rollouts rollouts = new Rollouts(cluster, recoveries, now, alarm);
        cluster.rollouts().values().forEach(rollouts::decide);
        recoveries.keepOnly(rollouts.watched);
        return rollouts.decisions;
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

    /** A set's units that can be read, in the order in which they go. */
    private List<Job> units(UnitName set) {
        List<Job> units =
                new ArrayList<>(
                        set.isTemplate()
                                ? cluster.instances(set)
                                : cluster.job(set.full()).stream().toList());
        units.sort(Comparator.comparing(job -> instance(job.name()), NaturalOrder.INSTANCE));
        return units;
    }

    private static String instance(String unit) {
        return new UnitName(unit).instance();
    }

    private void forward(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        UnitName set = new UnitName(rollout.name());
        Optional<String> overtaken = overtaken(rollout, set);
        if (overtaken.isPresent()) {
            steer(known, Phase.FAILED, overtaken.get());
            return;
        }
        List<Job> units = units(set);
        List<Job> waiting = new ArrayList<>();
        int underWay = 0;
        boolean readable = true;
        for (Job job : units) {
            if (cluster.isLeftAlone(job.name())) {
                readable = false;
            } else if (job.hash().equals(rollout.hash())) {
                switch (fate(job, rollout)) {
                    case Fate.Settled _ -> {}
                    case Fate.UnderWay _ -> underWay++;
                    case Fate.Late(String reason) -> {
                        fails(known, reason);
                        return;
                    }
                    case Fate.Failed(String reason) -> {
                        fails(known, reason);
                        return;
                    }
                }
            } else if (rollout.from().contains(job.hash())) {
                waiting.add(job);
            }
        }
        if (!waiting.isEmpty()) {
            give(known, waiting, rollout.policy().parallelism() - underWay);
        } else if (underWay == 0 && readable) {
            boolean none = units.isEmpty() && !rollout.from().isEmpty();
            steer(
                    known,
                    none ? Phase.FAILED : Phase.DONE,
                    none ? "no unit of it is there any more" : "");
        }
    }

    /** Somebody gave the set another text since: that is what counts now. */
    private Optional<String> overtaken(Rollout rollout, UnitName set) {
        boolean single = !set.isTemplate();
        return cluster.job(set.full())
                .filter(job -> !job.hash().equals(rollout.hash()))
                .filter(job -> !(single && rollout.from().contains(job.hash())))
                .map(job -> job.name() + " was given another text meanwhile");
    }

    private Fate fate(Job job, Rollout rollout) {
        watched.add(job.name());
        return recoveries.of(cluster, job, rollout.policy(), alarm);
    }

    private void fails(Versioned<Rollout> known, String reason) {
        boolean undo = known.value().policy().autoUndo();
        steer(known, undo ? Phase.UNDOING : Phase.FAILED, reason);
    }

    /** One that is not to run takes nobody's place. */
    private void give(Versioned<Rollout> known, List<Job> waiting, int places) {
        int free = places;
        for (Job job : waiting) {
            boolean runs = job.desired() != JobState.INACTIVE;
            if (runs && free <= 0) {
                return;
            }
            retext(known, job, known.value().hash(), "its turn");
            free -= runs ? 1 : 0;
        }
    }

    private void back(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        List<Job> well = new ArrayList<>();
        // First the template: who starts an instance now gets the old text.
        boolean over = !template(known);
        int underWay = 0;
        boolean waits = true;
        for (Job job : units(new UnitName(rollout.name()))) {
            boolean runs = job.desired() != JobState.INACTIVE;
            if (cluster.isLeftAlone(job.name())) {
                over = false;
            } else if (old(rollout, job).isPresent()) {
                over = false;
                if (runs && Fitness.of(cluster, job.name()).isHealthy()) {
                    well.add(job);
                } else {
                    returns(known, job, "back, since it is not healthy");
                    underWay += runs ? 1 : 0;
                }
            } else if (job.previous().filter(rollout.hash()::equals).isPresent()) {
                Fate fate = fate(job, rollout);
                waits = waits && !(fate instanceof Fate.Late);
                boolean counts = fate instanceof Fate.UnderWay;
                underWay += counts && cluster.owner(job.name()).isPresent() ? 1 : 0;
            }
        }
        int places = waits ? rollout.policy().parallelism() - underWay : well.size();
        well.stream()
                .limit(Math.max(0, places))
                .forEach(job -> returns(known, job, "back, at its turn"));
        if (over && underWay == 0) {
            steer(known, Phase.UNDONE, rollout.stage().reason());
        }
    }

    /** Whether the template, if the set is one, has the new text, and so is given its old one. */
    private boolean template(Versioned<Rollout> known) {
        UnitName set = new UnitName(known.value().name());
        Optional<Job> template =
                cluster.job(set.full())
                        .filter(_ -> set.isTemplate())
                        .filter(job -> old(known.value(), job).isPresent());
        template.ifPresent(job -> returns(known, job, "back, for instances to come"));
        return template.isPresent();
    }

    /** What a unit that has the new text had before; empty for one without, or that had none. */
    private static Optional<String> old(Rollout rollout, Job job) {
        return job.hash().equals(rollout.hash())
                ? job.previous().or(rollout::before).filter(old -> !old.equals(rollout.hash()))
                : Optional.empty();
    }

    private void returns(Versioned<Rollout> known, Job job, String reason) {
        old(known.value(), job).ifPresent(hash -> retext(known, job, hash, reason));
    }

    private void forget(Versioned<Rollout> known) {
        Rollout rollout = known.value();
        long restMillis =
                rollout.stage().sinceMillis() + Rollout.KEPT.toMillis() - now.wallMillis();
        if (restMillis <= 0) {
            String reason = "over for %d days".formatted(Rollout.KEPT.toDays());
            decisions.add(new Dismiss(rollout.name(), known.revision(), reason));
        } else {
            alarm.in(restMillis);
        }
    }

    private void retext(Versioned<Rollout> known, Job job, String hash, String reason) {
        decisions.add(
                new Retext(
                        job.rolledTo(hash),
                        cluster.jobRevision(job.name()),
                        new Decision.Course(known.value().name(), known.revision()),
                        reason));
    }

    private void steer(Versioned<Rollout> known, Phase phase, String reason) {
        Stage stage = new Stage(phase, reason, now.wallMillis());
        decisions.add(new Steer(known.value().in(stage), known.revision(), reason));
    }
}
