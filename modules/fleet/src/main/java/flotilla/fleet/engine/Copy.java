package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Fitness;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Map;

/**
 * What a rollout looks at by itself: a unit wherever it is, or a global one on one machine.
 *
 * @param machine of a global unit; else empty
 */
record Copy(Job job, String machine) {
    private static final String ANYWHERE = "";

    /** One that is not looked at machine by machine. */
    static Copy of(Job job) {
        return new Copy(job, ANYWHERE);
    }

    /** Those that machines, there or gone, are told to have, by their ids. */
    static List<Copy> all(Cluster cluster, Job job) {
        if (!cluster.isGlobal(job.name())) {
            return List.of(of(job));
        }
        return cluster.told(job.name()).entrySet().stream()
                .filter(told -> !told.getValue().isWithdrawn())
                .map(Map.Entry::getKey)
                .map(id -> new Copy(job, id))
                .toList();
    }

    boolean isGlobal() {
        return !machine.equals(ANYWHERE);
    }

    /** Whether its machine has another text than is wanted, and waits for its turn. */
    boolean isBehind(Cluster cluster) {
        return isGlobal() && GlobalRollout.kept(cluster, job, machine).isPresent();
    }

    /** Whether its machine is gone, and has not been released of it. */
    boolean isGone(Cluster cluster) {
        return isGlobal() && !cluster.hasMachine(machine);
    }

    /** Whether it takes a place among those that are under way. */
    boolean runs() {
        return job.desired() != JobState.INACTIVE;
    }

    /** With the text that it has. */
    Health health(Cluster cluster) {
        return isGlobal()
                ? Fitness.on(machine, cluster, job.name())
                : Fitness.of(cluster, job.name());
    }

    /** Of the change since which it fares as it does. */
    long revision(Cluster cluster) {
        return isGlobal()
                ? cluster.told(machine, job.name()).map(Told::revision).orElse(0L)
                : cluster.jobRevision(job.name());
    }

    /** For people. */
    String name() {
        return isGlobal() ? job.name() + " on " + machine : job.name();
    }
}
