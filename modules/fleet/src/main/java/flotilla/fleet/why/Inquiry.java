package flotilla.fleet.why;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.OnLost;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.schedule.Placement;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.fleet.schedule.Standing;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds why a unit is where it is, or why it waits: what keeps anybody from looking for a machine
 * first, then what machines have yet to do, then what the scheduler says.
 */
public final class Inquiry {
    /** More machines than that are only counted. */
    private static final int NAMED = 5;

    private final Cluster cluster;
    private final long nowMillis;
    private final String unit;
    private final List<String> sentences = new ArrayList<>();

    private Inquiry(Cluster cluster, long nowMillis, String unit) {
        this.cluster = cluster;
        this.nowMillis = nowMillis;
        this.unit = unit;
    }

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     * @return empty when nobody knows the unit
     */
    public static Optional<Why> of(Cluster cluster, long nowMillis, String unit) {
        boolean known =
                cluster.job(unit).isPresent()
                        || cluster.owner(unit).isPresent()
                        || !cluster.told(unit).isEmpty()
                        || cluster.isLeftAlone(unit);
        return known
                ? Optional.of(new Inquiry(cluster, nowMillis, unit).answer())
                : Optional.empty();
    }

    private Why answer() {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            sentences.add(obstacle.get());
            leaving();
            return new Why(sentences, List.of());
        }
        Schedule schedule = cluster.schedule(nowMillis);
        List<Standing> standings = schedule.standings(unit);
        if (cluster.isGlobal(unit)) {
            everywhere(standings);
        } else if (cluster.owner(unit).isPresent()) {
            somewhere(cluster.owner(unit).get(), schedule);
        } else {
            nowhere(schedule);
        }
        leaving();
        cluster.hold(unit, nowMillis)
                .filter(_ -> cluster.isGlobal(unit) || isAway())
                .ifPresent(hold -> sentences.add("it comes to no further machine: " + hold));
        return new Why(sentences, standings);
    }

    /** Why nobody looks for a machine for it. */
    private Optional<String> obstacle() {
        Optional<Job> job = cluster.job(unit);
        if (cluster.isUnreadable(new Key.OfJob(unit))) {
            return Optional.of(
                    "what is wanted of it can't be read (it is damaged, or of a later version):"
                            + " it is left as it is");
        }
        if (job.isEmpty()) {
            return Optional.of("it is destroyed");
        }
        if (UnitName.problem(unit).isEmpty() && new UnitName(unit).isTemplate()) {
            return Optional.of("a template is never scheduled; start an instance of it");
        }
        if (job.get().desired() == JobState.INACTIVE) {
            return Optional.of("nobody wants it loaded or launched");
        }
        if (cluster.isLeftAlone(unit)) {
            return Optional.of(
                    "where it is can't be read (it is damaged, or of a later version): it is left"
                            + " as it is until something else is asked of it");
        }
        if (cluster.owner(unit).filter(cluster::isOpaque).isPresent()) {
            return Optional.of(
                    "what its machine %s is can't be read: the unit stays there"
                            .formatted(label(cluster.owner(unit).orElse(""))));
        }
        return cluster.requirements(unit).isPresent()
                ? Optional.empty()
                : Optional.of("its text is missing or can't be honoured: it is left as it is");
    }

    private boolean isAway() {
        return cluster.owner(unit).filter(cluster::hasMachine).isEmpty();
    }

    private void everywhere(List<Standing> standings) {
        long here = standings.stream().filter(Standing::here).count();
        sentences.add(
                "it is global, and belongs on %d of %d machines".formatted(here, standings.size()));
        cluster.job(unit).ifPresent(this::keeping);
    }

    /** The machines that a rollout has not come to. */
    private void keeping(Job job) {
        List<String> machines =
                cluster.machines().stream()
                        .map(Machine::id)
                        .filter(machine -> GlobalRollout.kept(cluster, job, machine).isPresent())
                        .toList();
        if (!machines.isEmpty()) {
            sentences.add(
                    "%s have the text of before until the rollout comes to them"
                            .formatted(
                                    machines.size() > NAMED
                                            ? machines.size() + " machines"
                                            : machines.stream()
                                                    .map(this::label)
                                                    .collect(Collectors.joining(", "))));
        }
    }

    private void somewhere(String owner, Schedule schedule) {
        Optional<Placement> place = schedule.placement(unit);
        if (!cluster.hasMachine(owner)) {
            sentences.add("its machine " + label(owner) + " is gone" + fence(owner));
            goesTo(place);
        } else if (place.filter(there -> there.machineId().equals(owner)).isPresent()) {
            String reason = place.get().reason();
            sentences.add(
                    "it is on %s: %s"
                            .formatted(
                                    label(owner),
                                    reason.equals("stays")
                                            ? "a unit stays as long as its machine can have it"
                                            : reason));
            answered(owner);
        } else {
            sentences.add("it is on %s, and has to leave".formatted(label(owner)));
            goesTo(place);
        }
    }

    private void goesTo(Optional<Placement> place) {
        if (place.isPresent()) {
            sentences.add(
                    "it is about to go to %s: %s"
                            .formatted(label(place.get().machineId()), place.get().reason()));
        } else if (cluster.hold(unit, nowMillis).isEmpty()) {
            sentences.add("no other machine can have it");
        }
    }

    private void nowhere(Schedule schedule) {
        Optional<Placement> place = schedule.placement(unit);
        if (place.isPresent()) {
            sentences.add(
                    "it is about to go to %s: %s; the engine has yet to place it"
                            .formatted(label(place.get().machineId()), place.get().reason()));
        } else if (cluster.machines().isEmpty()) {
            sentences.add("no machine is in the cluster");
        } else if (cluster.hold(unit, nowMillis).isEmpty()) {
            sentences.add("no machine can have it");
        }
    }

    /** How long another machine has to wait for one that is gone. */
    private String fence(String machine) {
        boolean waits =
                cluster.requirements(unit)
                        .map(Requirements::onLost)
                        .filter(OnLost.KEEP::equals)
                        .isEmpty();
        long fenceMillis =
                cluster.sighting(machine)
                        .map(seen -> seen.value())
                        .map(Sighting::fenceMillis)
                        .orElse(Machine.FENCE_MILLIS);
        return waits
                ? ", and must not run twice (OnLost=stop): another may have it once the fence has"
                        + " passed too, "
                        + (fenceMillis + 999) / 1000
                        + " s after the lease ended"
                : "";
    }

    /** Whether its machine has done what it is told. */
    private void answered(String machine) {
        Optional<Told> told = cluster.told(machine, unit);
        if (told.isEmpty()) {
            sentences.add(label(machine) + " has yet to be told of it by the engine");
        } else if (!told.get().isWithdrawn() && cluster.answer(machine, unit).isEmpty()) {
            long seconds = (nowMillis - told.get().sinceMillis()) / 1000;
            String since =
                    told.get().sinceMillis() == 0 || seconds < 0 ? "" : " " + seconds + " s ago";
            sentences.add(
                    "%s was told of it%s, and has not answered yet"
                            .formatted(label(machine), since));
        }
    }

    /** The machines that are to give it up, and have not said that they have. */
    private void leaving() {
        String machines =
                cluster.told(unit).entrySet().stream()
                        .filter(told -> told.getValue().isWithdrawn())
                        .map(told -> told.getKey())
                        .filter(cluster::hasMachine)
                        .filter(machine ->
                                cluster.answer(machine, unit)
                                        .filter(Acknowledgement::released)
                                        .isEmpty())
                        .map(this::label)
                        .collect(Collectors.joining(", "));
        if (!machines.isEmpty()) {
            sentences.add("it waits for " + machines + " to say that it has stopped there");
        }
    }

    private String label(String machine) {
        return cluster.announced(machine).map(Machine::label).orElse(machine);
    }
}
