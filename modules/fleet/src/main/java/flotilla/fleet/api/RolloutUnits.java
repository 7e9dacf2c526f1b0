package flotilla.fleet.api;

import flotilla.fleet.api.RolloutBody.Member;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Fitness;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.registry.Registry;
import flotilla.units.NaturalOrder;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The units that a rollout is about, as the store has them; only theirs are read. */
record RolloutUnits(Registry registry) {
    private static final Comparator<Job> ORDER =
            Comparator.comparing(job -> new UnitName(job.name()).instance(), NaturalOrder.INSTANCE);

    /** In the order in which they go; what can't be read is left out. */
    List<Job> of(UnitName set) {
        if (!set.isTemplate()) {
            return registry
                    .get(new Key.OfJob(set.full()), Entry.OfJob.class)
                    .map(Entry.OfJob::job)
                    .stream()
                    .toList();
        }
        String begin = registry.layout().jobs() + set.prefix() + "@";
        return registry.list(begin, Entry.OfJob.class).stream()
                .map(Entry.OfJob::job)
                .filter(job -> UnitName.problem(job.name()).isEmpty())
                .filter(job -> new UnitName(job.name()).template().filter(set::equals).isPresent())
                .sorted(ORDER)
                .toList();
    }

    List<Member> members(Rollout rollout) {
        List<Job> jobs = of(new UnitName(rollout.name()));
        Cluster cluster = read(jobs);
        return jobs.stream().map(job -> member(rollout, job, cluster)).toList();
    }

    private Cluster read(List<Job> jobs) {
        Cluster cluster = new Cluster();
        List<Key> first = new ArrayList<>();
        for (Job job : jobs) {
            cluster.put(new Entry.OfJob(job), 1);
            first.add(new Key.OfOwner(job.name()));
        }
        List<Key> second = new ArrayList<>();
        for (Stored stored : put(cluster, first)) {
            if (stored.entry() instanceof Entry.OfOwner(String unit, String machine)) {
                second.add(new Key.OfPlacement(machine, unit));
                second.add(new Key.OfAcknowledgement(machine, unit));
            }
        }
        var _ = put(cluster, second);
        return cluster;
    }

    private List<Stored> put(Cluster cluster, List<Key> keys) {
        List<Stored> all = List.copyOf(registry.storedAll(keys).values());
        all.forEach(stored -> cluster.put(stored.entry(), stored.revision()));
        return all;
    }

    private static Member member(Rollout rollout, Job job, Cluster cluster) {
        Optional<String> owner = cluster.owner(job.name());
        String text = rollout.from().contains(job.hash()) ? "old" : "other";
        return new Member(
                job.name(),
                job.hash().equals(rollout.hash()) ? "new" : text,
                job.desired().text(),
                owner.orElse(null),
                job.desired() == JobState.INACTIVE
                        ? "not to run"
                        : Fitness.of(cluster, job.name()).text());
    }
}
