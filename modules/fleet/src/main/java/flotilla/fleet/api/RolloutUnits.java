package flotilla.fleet.api;

import flotilla.fleet.api.RolloutBody.Member;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Fitness;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.registry.Registry;
import flotilla.units.NaturalOrder;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
        return jobs.stream().flatMap(job -> members(rollout, job, cluster)).toList();
    }

    private Cluster read(List<Job> jobs) {
        Cluster cluster = new Cluster();
        List<Key> first = new ArrayList<>();
        for (Job job : jobs) {
            cluster.put(new Entry.OfJob(job), 1);
            first.add(new Key.OfText(job.hash()));
            first.add(new Key.OfOwner(job.name()));
        }
        put(cluster, first);
        List<Key> second = new ArrayList<>();
        List<String> all =
                jobs.stream().anyMatch(job -> cluster.isGlobal(job.name()))
                        ? machines()
                        : List.of();
        for (Job job : jobs) {
            String unit = job.name();
            for (String machine :
                    cluster.isGlobal(unit) ? all : cluster.owner(unit).stream().toList()) {
                second.add(new Key.OfPlacement(machine, unit));
                second.add(new Key.OfAcknowledgement(machine, unit));
            }
        }
        put(cluster, second);
        return cluster;
    }

    private List<String> machines() {
        return registry.keys(registry.layout().machines()).stream()
                .filter(Key.OfMachine.class::isInstance)
                .map(key -> ((Key.OfMachine) key).machineId())
                .toList();
    }

    private void put(Cluster cluster, List<Key> keys) {
        registry.storedAll(keys)
                .values()
                .forEach(stored -> cluster.put(stored.entry(), stored.revision()));
    }

    /** Of a global unit one for each machine that has it; where none has, the unit itself. */
    private static Stream<Member> members(Rollout rollout, Job job, Cluster cluster) {
        String unit = job.name();
        Map<String, Told> told = cluster.isGlobal(unit) ? cluster.told(unit) : Map.of();
        List<Member> members = new ArrayList<>();
        told.forEach((machine, its) ->
                its.assignment()
                        .filter(assignment -> !assignment.isWithdrawn())
                        .ifPresent(assignment ->
                                members.add(
                                        new Member(
                                                unit,
                                                text(rollout, assignment.hash()),
                                                job.desired().text(),
                                                machine,
                                                Fitness.on(machine, cluster, unit).text()))));
        return members.isEmpty() ? Stream.of(member(rollout, job, cluster)) : members.stream();
    }

    private static Member member(Rollout rollout, Job job, Cluster cluster) {
        return new Member(
                job.name(),
                text(rollout, job.hash()),
                job.desired().text(),
                cluster.owner(job.name()).orElse(null),
                job.desired() == JobState.INACTIVE
                        ? "not to run"
                        : Fitness.of(cluster, job.name()).text());
    }

    private static String text(Rollout rollout, String hash) {
        if (hash.equals(rollout.hash())) {
            return "new";
        }
        boolean old =
                rollout.from().contains(hash) || rollout.before().filter(hash::equals).isPresent();
        return old ? "old" : "other";
    }
}
