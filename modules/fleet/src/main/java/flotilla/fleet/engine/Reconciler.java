package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Placement;
import flotilla.fleet.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to change so that what machines are told becomes what is wanted. The order is: units leave
 * machines, then units come to machines, then what nothing refers to is collected. With nothing to
 * do the answer is empty.
 */
public final class Reconciler {
    private final Cluster cluster;
    private final long nowMillis;
    private final Schedule schedule;
    private final Set<String> struck = new HashSet<>();
    private final List<Decision> leaving = new ArrayList<>();
    private final List<Decision> coming = new ArrayList<>();

    private Reconciler(Cluster cluster, long nowMillis) {
        this.cluster = cluster;
        this.nowMillis = nowMillis;
        this.schedule = cluster.schedule(nowMillis);
    }

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public static List<Decision> decide(Cluster cluster, long nowMillis) {
        return new Reconciler(cluster, nowMillis).decisions();
    }

    private List<Decision> decisions() {
        cluster.owners().forEach(this::owner);
        cluster.placements().forEach((machine, units) -> leftovers(machine, units));
        for (Job job : cluster.jobs()) {
            if (job.desired() != JobState.INACTIVE
                    && cluster.requirements(job.name()).isPresent()) {
                if (cluster.isGlobal(job.name())) {
                    global(job);
                } else {
                    single(job);
                }
            }
        }
        List<Decision> all = new ArrayList<>(leaving);
        all.addAll(coming);
        all.addAll(forgiven());
        all.addAll(garbage());
        return all;
    }

    /** A unit that is owned but should have no machine loses it; {@link #single} does moves. */
    private void owner(String unit, String machine) {
        Optional<Job> job = cluster.job(unit);
        if (cluster.unreadableJobs().contains(unit)) {
            return;
        }
        if (job.isEmpty()) {
            leaving.add(new Withdraw(unit, machine, true, "destroyed"));
        } else if (job.get().desired() == JobState.INACTIVE) {
            leaving.add(new Withdraw(unit, machine, true, "wanted inactive"));
        } else if (cluster.requirements(unit).isPresent()) {
            if (strikes(job.get(), machine)) {
                strike(job.get(), machine, true);
            } else if (cluster.isGlobal(unit)) {
                leaving.add(new Withdraw(unit, machine, true, "has become global"));
            } else if (schedule.placement(unit).isEmpty()) {
                leaving.add(new Withdraw(unit, machine, true, whyNotHere(unit, machine)));
            }
        }
    }

    /**
     * Whether the machine died, and so soon after it was told of the unit that it counts. Of one
     * that is drained it was to be expected.
     */
    private boolean strikes(Job job, String machine) {
        return !cluster.hasMachine(machine)
                && !cluster.hasLeft(machine)
                && !cluster.isDraining(machine)
                && cluster.placement(machine, job.name())
                        .filter(job.assignment()::equals)
                        .isPresent()
                && Strikes.isSoon(cluster.toldMillis(machine, job.name()), nowMillis);
    }

    /** Once per unit and pass: a global unit's further machines count in the next one. */
    private void strike(Job job, String machine, boolean owned) {
        if (struck.add(job.name())) {
            Strikes strikes = Strikes.add(cluster.strikes(job.name()), job, machine, nowMillis);
            long seconds = (nowMillis - cluster.toldMillis(machine, job.name())) / 1000;
            String reason = "its machine died " + seconds + " s after it was told of it";
            leaving.add(new Strike(job.name(), machine, owned, strikes, reason));
        }
    }

    private List<Decision> forgiven() {
        List<Decision> forgiven = new ArrayList<>();
        cluster.strikeRevisions()
                .forEach((unit, revision) -> {
                    if (cluster.strikes(unit).isEmpty()) {
                        String reason = "unloaded, destroyed or of another text";
                        forgiven.add(new Forgive(unit, revision, reason));
                    } else if (!struck.contains(unit) && isBorne(unit)) {
                        forgiven.add(new Forgive(unit, revision, "a machine bears it"));
                    }
                });
        return forgiven;
    }

    private boolean isBorne(String unit) {
        return cluster.placements().entrySet().stream()
                .filter(told -> told.getValue().contains(unit))
                .map(Map.Entry::getKey)
                .filter(cluster::hasMachine)
                .mapToLong(machine -> cluster.toldMillis(machine, unit))
                .anyMatch(since -> since > 0 && !Strikes.isSoon(since, nowMillis));
    }

    private String whyNotHere(String unit, String machine) {
        Optional<String> hold = cluster.hold(unit, nowMillis);
        if (!cluster.hasMachine(machine)) {
            return "its machine is gone, and " + hold.orElse("no other fits");
        }
        return schedule.refusal(unit, machine)
                .map(refusal -> refusal.reason() + ", and no other machine fits")
                .orElse("no machine fits");
    }

    /** What a machine is told of units that it neither owns nor runs as global ones. */
    private void leftovers(String machine, Set<String> units) {
        for (String unit : units) {
            Optional<Job> job = cluster.job(unit);
            if (cluster.owner(unit).filter(machine::equals).isPresent()
                    || cluster.unreadableJobs().contains(unit)) {
                continue;
            }
            boolean readable = cluster.requirements(unit).isPresent();
            boolean active = job.isPresent() && job.get().desired() != JobState.INACTIVE;
            if (active && (!readable || schedule.machines(unit).contains(machine))) {
                continue;
            }
            if (active && strikes(job.get(), machine)) {
                strike(job.get(), machine, false);
                continue;
            }
            String reason = active ? whyNotOn(machine) : "no longer wanted";
            leaving.add(new Withdraw(unit, machine, false, reason));
        }
    }

    private String whyNotOn(String machine) {
        if (!cluster.hasMachine(machine)) {
            return "its machine is gone";
        }
        return cluster.isDraining(machine) ? "its machine is drained" : "belongs elsewhere";
    }

    private void single(Job job) {
        Optional<Placement> place = schedule.placement(job.name());
        if (place.isEmpty() || struck.contains(job.name())) {
            return;
        }
        String machine = place.get().machineId();
        long revision = cluster.jobRevision(job.name());
        Optional<String> owner = cluster.owner(job.name());
        if (owner.isEmpty()) {
            coming.add(new Place(job, revision, machine, false, place.get().reason()));
        } else if (!owner.get().equals(machine)) {
            coming.add(new Move(job, revision, owner.get(), machine, place.get().reason()));
        } else {
            refresh(job, machine);
        }
    }

    private void global(Job job) {
        long revision = cluster.jobRevision(job.name());
        boolean held =
                struck.contains(job.name()) || cluster.hold(job.name(), nowMillis).isPresent();
        for (String machine : schedule.machines(job.name())) {
            if (cluster.placement(machine, job.name()).isEmpty()) {
                if (!held) {
                    coming.add(new Place(job, revision, machine, true, "global"));
                }
            } else {
                refresh(job, machine);
            }
        }
    }

    private void refresh(Job job, String machine) {
        Optional<Assignment> told = cluster.placement(machine, job.name());
        if (told.isPresent() && told.get().equals(job.assignment())) {
            return;
        }
        String reason =
                told.isEmpty()
                        ? "its machine was not told"
                        : told.get().hash().equals(job.hash())
                                ? "wanted " + job.desired().text()
                                : "another text";
        coming.add(new Update(job, cluster.jobRevision(job.name()), machine, reason));
    }

    /** None while something can't be read: it may be what refers to a text. */
    private List<Decision> garbage() {
        if (cluster.hasUnreadable()) {
            return List.of();
        }
        Map<String, Long> texts = cluster.textRevisions();
        Set<String> used = new HashSet<>();
        cluster.jobs().forEach(job -> used.add(job.hash()));
        List<Decision> garbage = new ArrayList<>();
        texts.forEach((hash, revision) -> {
            if (!used.contains(hash)) {
                garbage.add(new Collect(hash, revision, "no unit has this text"));
            }
        });
        return garbage;
    }
}
