package flotilla.sim.fleet;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.cluster.Versioned;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.schedule.Schedule;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.keeper.Keeper;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a fleet must be once nothing goes wrong and nobody wants anything else: what is wanted runs,
 * or there is a reason; what is not wanted has gone.
 */
final class Peace {
    /** A reason names each machine, and of a large fleet's units many wait: some are asked for. */
    private static final int EXPLAINED_MAX = 1_000;

    private final Keeper keeper;
    private final Copies copies;
    private final List<Host> hosts;
    private final Map<String, Host> byId = new HashMap<>();

    Peace(Keeper keeper, Copies copies, List<Host> hosts) {
        this.keeper = keeper;
        this.copies = copies;
        this.hosts = hosts;
        hosts.forEach(host -> byId.put(host.id(), host));
    }

    /** A promise that does not hold yet, and of what. */
    record Unrest(String promise, String what) {}

    /** What is not yet as it must be; empty when all is. */
    Optional<Unrest> unrest(long wallMillis) {
        for (Host host : hosts) {
            if (!keeper.has(new Key.OfMachine(host.id()))) {
                return unrest("a machine that is well is in the cluster", host);
            }
        }
        Cluster cluster = new Cluster();
        List<Stored> all = keeper.cluster();
        all.forEach(stored -> cluster.put(stored.entry(), stored.revision()));
        Schedule schedule = cluster.schedule(wallMillis);
        View view = new View(cluster, schedule, wallMillis, new HashSet<>());
        for (Job job : cluster.jobs()) {
            Optional<Unrest> found = of(job, view);
            if (found.isPresent()) {
                return found;
            }
        }
        return orphan(cluster).or(() -> leftover(cluster, all)).or(() -> underWay(cluster));
    }

    /** Of rollouts that nobody has paused. */
    private static Optional<Unrest> underWay(Cluster cluster) {
        for (Versioned<Rollout> known : cluster.rollouts().values()) {
            Rollout rollout = known.value();
            Set<Rollout.Phase> ends = Set.of(Phase.PAUSED, Phase.DONE, Phase.UNDONE, Phase.FAILED);
            if (!ends.contains(rollout.phase())) {
                return unrest("a rollout comes to its end", rollout);
            }
            for (Job job : cluster.jobs()) {
                boolean isNew = job.hash().equals(rollout.hash());
                if (isNew && rollout.phase() == Phase.UNDONE) {
                    return unrest("what is undone is undone", job + " by " + rollout);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The fleet as the store has it.
     *
     * @param explained units that wait, of which a reason was asked for
     */
    private record View(
            Cluster cluster, Schedule schedule, long wallMillis, Set<String> explained) {}

    private static Optional<Unrest> unrest(String promise, Object what) {
        return Optional.of(new Unrest(promise, what.toString()));
    }

    private Optional<Unrest> of(Job job, View view) {
        String unit = job.name();
        Cluster cluster = view.cluster;
        boolean wanted = job.desired() != JobState.INACTIVE;
        Set<String> should = new TreeSet<>();
        if (wanted && cluster.isGlobal(unit)) {
            should.addAll(view.schedule.machines(unit));
            if (cluster.hold(unit, view.wallMillis).isPresent()) {
                should.retainAll(cluster.told(unit).keySet());
            }
        } else if (wanted) {
            view.schedule.placement(unit).ifPresent(place -> should.add(place.machineId()));
            if (should.isEmpty()
                    && cluster.hold(unit, view.wallMillis).isEmpty()
                    && view.explained.size() < EXPLAINED_MAX
                    && view.explained.add(unit)
                    && view.schedule.refusals(unit).size() < cluster.machines().size()) {
                return unrest("a unit that waits has a reason", job);
            }
        }
        Set<String> have = cluster.told(unit).keySet();
        if (!have.equals(should)) {
            return unrest(
                    "every unit comes to its machine",
                    "%s is on %s, not %s".formatted(job, have, should));
        }
        return should.stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .flatMap(host -> at(host, job, cluster).stream())
                .findFirst();
    }

    private Optional<Unrest> at(Host host, Job job, Cluster cluster) {
        Optional<Told> told = cluster.told(host.id(), job.name());
        Job its = GlobalRollout.on(cluster, job, host.id());
        if (told.flatMap(Told::assignment).filter(its.assignment()::equals).isEmpty()) {
            return unrest("machines are told what is wanted", job + " on " + host);
        }
        Optional<Acknowledgement> said = cluster.answer(host.id(), job.name());
        if (said.isEmpty() || said.get().generation() != job.generation()) {
            return unrest(
                    "machines do what they are told",
                    "%s on %s answers %s".formatted(job, host, said));
        }
        boolean runs = copies.runs(host, job.name());
        boolean should = job.desired() == JobState.LAUNCHED;
        if (should && !runs && !copies.hasDiedByItself(host, job.name())) {
            return unrest("no unit is lost", job + " doesn't run on " + host);
        }
        return !should && runs
                ? unrest("no unit runs that should not", job + " on " + host)
                : Optional.empty();
    }

    private Optional<Unrest> orphan(Cluster cluster) {
        for (String unit : copies.units()) {
            for (Host host : copies.hosts(unit)) {
                if (cluster.told(host.id(), unit).isEmpty()) {
                    return unrest("a copy that nobody wants ends", unit + " on " + host);
                }
            }
        }
        return Optional.empty();
    }

    /** What only belongs to something that has gone. */
    private Optional<Unrest> leftover(Cluster cluster, List<Stored> all) {
        Map<String, Job> jobs = new TreeMap<>();
        cluster.jobs().forEach(job -> jobs.put(job.hash(), job));
        Set<String> rolledOut = new TreeSet<>();
        cluster.rollouts().values().forEach(known -> rolledOut.addAll(known.value().texts()));
        Set<String> told = new TreeSet<>();
        for (Stored stored : all) {
            if (stored.entry() instanceof Entry.OfPlacement placement) {
                told.add(placement.assignment().hash());
            }
        }
        for (Stored stored : all) {
            Optional<String> left =
                    switch (stored.entry()) {
                        case Entry.OfText(String hash, String _)
                                when !jobs.containsKey(hash)
                                        && !rolledOut.contains(hash)
                                        && !told.contains(hash) ->
                                Optional.of("text " + hash);
                        case Entry.OfAcknowledgement(String machine, String unit, var _)
                                when cluster.told(machine, unit).isEmpty() ->
                                Optional.of("acknowledgement of " + unit + " by " + machine);
                        case Entry.OfOwner(String unit, String _)
                                when cluster.job(unit).isEmpty() ->
                                Optional.of("owner of " + unit);
                        case Entry.OfPlacement(var machine, var unit, _, _, _)
                                when cluster.job(unit).isEmpty() ->
                                Optional.of("placement of " + unit + " on " + machine);
                        default -> Optional.empty();
                    };
            if (left.isPresent()) {
                return unrest("nothing is left of what has gone", left.get());
            }
        }
        return Optional.empty();
    }
}
