package flotilla.fleet.cluster;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import flotilla.units.UnitName;
import java.util.List;
import java.util.Optional;

/**
 * Which machines a rollout of a global unit has not come to. Such a unit has its new text, or its
 * old one again, at once; its machines keep the text that they have until it is their turn. So what
 * is left to do follows from what each machine was told, and nothing else is remembered. All but
 * the text is wanted of every machine at once.
 */
public final class GlobalRollout {
    private GlobalRollout() {}

    /**
     * Hash of the text that a machine is to keep for now; empty when it is to have the wanted one.
     */
    public static Optional<String> kept(Cluster cluster, Job job, String machine) {
        return cluster.placement(machine, job.name())
                .filter(told -> !told.isWithdrawn())
                .map(Assignment::hash)
                .filter(hash -> !hash.equals(job.hash()))
                .filter(_ -> cluster.isGlobal(job.name()) && isOnItsWay(cluster, job));
    }

    /** The job as a machine is to have it for now. */
    public static Job on(Cluster cluster, Job job, String machine) {
        return kept(cluster, job, machine).map(job::keeping).orElse(job);
    }

    /** The units of which a machine keeps a text that is not the wanted one. */
    public static List<String> keptOn(Cluster cluster, String machine) {
        if (hasNone(cluster)) {
            return List.of();
        }
        return cluster.unitsOn(machine).stream()
                .flatMap(unit -> cluster.job(unit).stream())
                .filter(job -> kept(cluster, job, machine).isPresent())
                .map(Job::name)
                .toList();
    }

    private static boolean hasNone(Cluster cluster) {
        return cluster.rollouts().isEmpty() && !cluster.hasUnreadable();
    }

    /** What can't be read changes nothing. */
    private static boolean isOnItsWay(Cluster cluster, Job job) {
        if (hasNone(cluster)) {
            return false;
        }
        UnitName name = new UnitName(job.name());
        String set = name.template().map(UnitName::full).orElse(name.full());
        Versioned<Rollout> rollout = cluster.rollouts().get(set);
        return rollout == null
                ? cluster.isUnreadable(new Key.OfRollout(set))
                : isBetween(rollout.value(), job);
    }

    /** A text that somebody gave it since is no part of the rollout. */
    private static boolean isBetween(Rollout rollout, Job job) {
        boolean fresh = job.hash().equals(rollout.hash());
        return switch (rollout.phase()) {
            // Also in the middle of the rollout before, whose place this one has taken.
            case RUNNING, PAUSED ->
                    fresh || (rollout.from().contains(job.hash()) && job.previous().isPresent());
            case FAILED -> fresh;
            case UNDOING -> fresh || job.previous().filter(rollout.hash()::equals).isPresent();
            case DONE, UNDONE -> false;
        };
    }
}
