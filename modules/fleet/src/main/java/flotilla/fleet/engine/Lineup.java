package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import flotilla.units.NaturalOrder;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Who takes part in a rollout, in the order in which they go. */
record Lineup(Cluster cluster, Rollout rollout) {
    UnitName set() {
        return new UnitName(rollout.name());
    }

    /** The set's units that can be read. */
    List<Job> units() {
        List<Job> units =
                new ArrayList<>(
                        set().isTemplate()
                                ? cluster.instances(set())
                                : cluster.job(rollout.name()).stream().toList());
        units.sort(
                Comparator.comparing(
                        job -> new UnitName(job.name()).instance(), NaturalOrder.INSTANCE));
        return units;
    }

    /** Whether there are others, of which can't be read what is wanted. */
    boolean hasUnreadable() {
        return cluster.unreadableUnits().stream()
                .filter(unit -> UnitName.problem(unit).isEmpty())
                .anyMatch(unit ->
                        unit.equals(rollout.name())
                                || new UnitName(unit).template().filter(set()::equals).isPresent());
    }

    /**
     * Those that have the new text, or are to get it. Who had it and is gone counts until it is
     * released: it may have gone for that.
     */
    List<Copy> forward() {
        return copies(this::isNew).stream()
                .filter(copy -> isNew(copy.job()) || isOld(copy.job()) || isOpaque(copy))
                .filter(copy -> !copy.isGone(cluster) || !copy.isBehind(cluster))
                .toList();
    }

    /** All of the set's whose machines are there. */
    List<Copy> back() {
        return copies(job -> before(job).isEmpty()).stream()
                .filter(copy -> !copy.isGone(cluster))
                .toList();
    }

    /**
     * @param apart whether a global unit's machines are looked at one by one; else it is one itself
     */
    private List<Copy> copies(Predicate<Job> apart) {
        List<Copy> copies = new ArrayList<>();
        for (Job job : units()) {
            boolean one = cluster.isLeftAlone(job.name()) || !apart.test(job);
            copies.addAll(one ? List.of(Copy.of(job)) : Copy.all(cluster, job));
        }
        return copies;
    }

    boolean isNew(Job job) {
        return job.hash().equals(rollout.hash());
    }

    private boolean isOld(Job job) {
        return rollout.from().contains(job.hash());
    }

    /** Whether its unit, or its machine, can't be read: nothing is decided of it. */
    boolean isOpaque(Copy copy) {
        return cluster.isLeftAlone(copy.job().name())
                || (copy.isGlobal() && cluster.isOpaque(copy.machine()));
    }

    /** What a unit that has the new text had before; empty for one without, or that had none. */
    Optional<String> before(Job job) {
        Optional<String> own = job.previous();
        Optional<String> sets = rollout.before();
        return (set().isTemplate() ? own.or(() -> sets) : sets.or(() -> own))
                .filter(old -> isNew(job) && !old.equals(rollout.hash()));
    }

    /** Whether it was given its old text back, and its machine was told so since. */
    boolean isBack(Copy copy) {
        Job job = copy.job();
        long told = cluster.told(copy.machine(), job.name()).map(Told::revision).orElse(0L);
        return job.previous().filter(rollout.hash()::equals).isPresent()
                && (!copy.isGlobal() || told > cluster.jobRevision(job.name()));
    }
}
