package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Overlap;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Renew;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Renewals.Renewal;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Handover;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Placement;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What to change so that what machines are told becomes what is wanted. The order is: what has to
 * be remembered, units leave machines, units come to machines, what nothing refers to is collected.
 * With nothing to do the answer is empty. Only what is on the {@link Agenda} is looked at.
 *
 * <p>A unit changes machines in steps, one or more passes each, and never has two owners:
 *
 * <pre>
 * told on A ── it belongs on B ──────────> withdrawn on A        (Handover=start-first: told on B
 *                                              │                  at once, and withdrawn on A)
 *                         A says: nothing is left of it
 *                                              v
 *   A is gone, and its fence if need be ──> told on B            (or nowhere, when nobody wants it)
 * </pre>
 */
public final class Reconciler {
    /** How often a unit that waits, or is on probation, is looked at again. */
    private static final long REVIEW_MILLIS = 2_000;

    private final Cluster cluster;
    private final Renewals renewals;
    private final Now now;
    private final Schedule schedule;
    private final Alarm alarm;
    private final Departures departures;
    private final Turns turns;
    private final List<Decision> coming = new ArrayList<>();

    private Reconciler(Cluster cluster, Renewals renewals, Absences absences, Now now) {
        this.cluster = cluster;
        this.renewals = renewals;
        this.now = now;
        this.schedule = cluster.schedule(now.wallMillis());
        this.alarm = new Alarm(now);
        this.departures = new Departures(cluster, absences, now, alarm);
        this.turns = new Turns(cluster, now, alarm);
    }

    /**
     * @param wakeAtMillis when to look again although nothing happens, on the monotonic clock;
     *     empty when there is no need
     */
    record Verdict(List<Decision> decisions, OptionalLong wakeAtMillis) {
        Verdict {
            decisions = List.copyOf(decisions);
        }
    }

    /**
     * @param agenda loses what is found at rest
     */
    static Verdict decide(Cluster cluster, Agenda agenda, Absences absences, Now now) {
        return new Reconciler(cluster, agenda.renewals(), absences, now).verdict(agenda);
    }

    private Verdict verdict(Agenda agenda) {
        Memory memory = new Memory(cluster, now.wallMillis());
        agenda.add(cluster.moved());
        agenda.units(this::unit);
        List<Decision> all = new ArrayList<>(memory.remembered(agenda));
        all.addAll(departures.decisions());
        coming.stream().filter(decision -> !waits(decision)).forEach(all::add);
        all.addAll(forgiven());
        all.addAll(memory.garbage());
        if (!cluster.strikeRevisions().isEmpty()) {
            alarm.in(REVIEW_MILLIS);
        }
        return new Verdict(all, alarm.earliest());
    }

    /**
     * No text comes to a machine before the units that must not be beside it have left, nor does
     * one come back that was told to leave: it may be gone already.
     */
    private boolean waits(Decision decision) {
        return switch (decision) {
            case Place(Wish wish, Target to, _, _) -> isCrowded(wish, to.machineId());
            case Move(Wish wish, _, Target to, _) -> isCrowded(wish, to.machineId());
            case Overlap(Wish wish, _, _, Target to, _) -> isCrowded(wish, to.machineId());
            case Renew(Wish wish, Hold from, _, _) -> isCrowded(wish, from.machineId());
            case Update(Wish wish, Hold from, _) -> isCrowded(wish, from.machineId());
            default -> false;
        };
    }

    private boolean isCrowded(Wish wish, String machine) {
        String unit = wish.job().name();
        Optional<Assignment> stays =
                cluster.placement(machine, unit).filter(told -> !told.isWithdrawn());
        boolean byThisText = stays.filter(its -> its.hash().equals(wish.job().hash())).isPresent();
        return (!byThisText && departures.isCrowded(unit, machine))
                || (stays.isEmpty() && departures.isShunned(unit, machine));
    }

    /**
     * One of which the text is missing or can't be honoured stays as it is.
     *
     * @return whether it is at rest: until something changes there is nothing to do for it
     */
    private boolean unit(String unit) {
        Optional<Job> job = cluster.job(unit).filter(known -> known.desired() != JobState.INACTIVE);
        if (cluster.isLeftAlone(unit)
                || (job.isPresent() && cluster.requirements(unit).isEmpty())) {
            return true;
        }
        boolean global = job.isPresent() && cluster.isGlobal(unit);
        Optional<String> owner = cluster.owner(unit);
        boolean rests = owner.isEmpty() || owned(unit, owner.get(), job);
        Set<String> seats = global ? schedule.machines(unit) : Set.of();
        for (String machine : cluster.told(unit).keySet()) {
            if (owner.filter(machine::equals).isEmpty()
                    && !seats.contains(machine)
                    && !comesTo(unit, machine)) {
                leftover(unit, machine, job);
                rests = false;
            }
        }
        if (job.isPresent() && global) {
            rests &= spread(job.get(), seats);
        } else if (job.isPresent() && owner.isEmpty()) {
            rests &= settle(job.get());
        }
        return rests;
    }

    /** Whether the unit is told there anew, over what the machine was told of it before. */
    private boolean comesTo(String unit, String machine) {
        return schedule.placement(unit)
                .filter(place -> place.machineId().equals(machine))
                .filter(_ -> cluster.owner(unit).isEmpty() || departures.isClear(unit, machine))
                .isPresent();
    }

    /** Whether it is at rest, as in all that follow. */
    private boolean owned(String unit, String machine, Optional<Job> job) {
        if (job.isEmpty()) {
            String reason = cluster.job(unit).isEmpty() ? "destroyed" : "wanted inactive";
            departures.letGo(unit, machine, true, reason);
        } else if (departures.strikes(job.get(), machine)) {
            departures.strike(job.get(), machine);
        } else if (cluster.isGlobal(unit)) {
            departures.letGo(unit, machine, true, "has become global");
        } else if (cluster.isOpaque(machine)) {
            return leave(job.get(), machine);
        } else {
            Optional<Placement> place = schedule.placement(unit);
            if (place.isEmpty()) {
                departures.letGo(unit, machine, false, whyNotHere(unit, machine));
            } else if (place.get().machineId().equals(machine)) {
                return refresh(job.get(), machine);
            } else {
                move(job.get(), machine, place.get());
            }
        }
        return false;
    }

    private String whyNotHere(String unit, String machine) {
        Optional<String> hold = cluster.hold(unit, now.wallMillis());
        if (!cluster.hasMachine(machine)) {
            return "its machine is gone, and " + hold.orElse("no other fits");
        }
        return schedule.refusal(unit, machine)
                .map(refusal -> refusal.reason() + ", and no other machine fits")
                .orElse("no machine fits");
    }

    /** What a machine is told of a unit that it neither owns nor should run as a global one. */
    private void leftover(String unit, String machine, Optional<Job> job) {
        if (job.isEmpty()) {
            departures.letGo(unit, machine, true, "no longer wanted");
        } else if (departures.strikes(job.get(), machine)) {
            departures.strike(job.get(), machine);
        } else if (!cluster.isGlobal(unit)) {
            departures.letGo(unit, machine, true, whyNotOn(machine));
        } else if (!cluster.isOpaque(machine)) {
            departures.letGo(unit, machine, false, whyNotOn(machine));
        }
    }

    private String whyNotOn(String machine) {
        if (!cluster.hasMachine(machine)) {
            return "its machine is gone";
        }
        return cluster.isDraining(machine) ? "its machine is drained" : "belongs elsewhere";
    }

    private void move(Job job, String from, Placement to) {
        String unit = job.name();
        Target target = target(unit, to.machineId());
        if (departures.isClear(unit, from)) {
            coming.add(new Move(wish(job), departures.hold(unit, from), target, to.reason()));
        } else if (departures.isHeld(unit, from)) {
            if (!departures.mayMove()) {
                departures.leaves(unit, from);
            } else if (handover(unit) == Handover.START_FIRST) {
                departures.leaves(unit, from);
                coming.add(
                        new Overlap(
                                wish(job),
                                departures.hold(unit, from),
                                departures.takenBack(unit, from),
                                target,
                                to.reason()));
            } else {
                departures.withdraw(unit, from, "goes to " + to.machineId() + ": " + to.reason());
            }
        }
    }

    private Handover handover(String unit) {
        return cluster.requirements(unit).map(Requirements::handover).orElse(Handover.STOP_FIRST);
    }

    /** A unit without an owner gets one, once no other machine has something of it. */
    private boolean settle(Job job) {
        Optional<Placement> place = schedule.placement(job.name());
        if (place.isEmpty() || departures.struck().contains(job.name())) {
            return place.isEmpty();
        }
        String machine = place.get().machineId();
        if (!wouldRunTwice(job.name(), machine)) {
            Target target = target(job.name(), machine);
            coming.add(new Place(wish(job), target, false, place.get().reason()));
        }
        return false;
    }

    /** Whether another machine has not given it up yet, and it does not overlap by its own text. */
    private boolean wouldRunTwice(String unit, String machine) {
        return handover(unit) != Handover.START_FIRST
                && !cluster.isGlobal(unit)
                && cluster.told(unit).keySet().stream().anyMatch(other -> !other.equals(machine));
    }

    private boolean spread(Job job, Set<String> seats) {
        boolean rests = true;
        boolean held =
                departures.struck().contains(job.name())
                        || cluster.hold(job.name(), now.wallMillis()).isPresent();
        for (String machine : seats) {
            if (cluster.owner(job.name()).filter(machine::equals).isPresent()) {
                continue;
            }
            if (cluster.isOpaque(machine)) {
                rests &= leave(job, machine);
            } else if (cluster.told(machine, job.name()).isPresent()) {
                rests &= refresh(job, machine);
            } else {
                rests = false;
                if (!held) {
                    coming.add(new Place(wish(job), target(job.name(), machine), true, "global"));
                }
            }
        }
        return rests;
    }

    private Wish wish(Job job) {
        return new Wish(job, cluster.jobRevision(job.name()));
    }

    private Target target(String unit, String machine) {
        return cluster.told(machine, unit)
                .map(told -> new Target(machine, told.revision(), cluster.textsOn(machine, unit)))
                .orElseGet(() -> new Target(machine));
    }

    /**
     * Nothing new comes to a machine of which something can't be read, no other text either: nobody
     * has judged what it would be beside. What is wanted of the text that it has it is told.
     */
    private boolean leave(Job job, String machine) {
        boolean hasIt =
                cluster.placement(machine, job.name())
                        .filter(told -> !told.isWithdrawn() && told.hash().equals(job.hash()))
                        .isPresent();
        return !hasIt || refreshed(job, machine);
    }

    private boolean refresh(Job wanted, String machine) {
        Job job = GlobalRollout.on(cluster, wanted, machine);
        Optional<Renewal> turn =
                renewals.of(wanted.name(), machine).filter(_ -> !job.equals(wanted));
        if (turn.isPresent()) {
            departures.changes(wanted.name(), machine);
            Hold from = departures.hold(wanted.name(), machine);
            coming.add(new Renew(wish(wanted), from, turn.get().course(), turn.get().reason()));
            return false;
        }
        return refreshed(job, machine);
    }

    private boolean refreshed(Job job, String machine) {
        Optional<Assignment> told = cluster.placement(machine, job.name());
        if (told.filter(job.assignment()::equals).isPresent()) {
            return true;
        }
        if (told.filter(before -> !before.hash().equals(job.hash())).isPresent()) {
            departures.changes(job.name(), machine);
            if (wouldRunTwice(job.name(), machine)) {
                return false; // It came by a text that may, beside a copy that has yet to go.
            }
        }
        String reason =
                told.map(before -> whatChanged(before, job)).orElse("its machine was not told");
        if (told.filter(before -> isAnew(before, job)).isPresent()) {
            Turns.Answer turn = turns.ask(job, machine);
            if (!turn.goes()) {
                return false;
            }
            reason += turn.late().map(late -> "; " + late + " before it takes too long").orElse("");
        }
        coming.add(new Update(wish(job), departures.hold(job.name(), machine), reason));
        return false;
    }

    private static boolean isAnew(Assignment before, Job job) {
        return before.hash().equals(job.hash())
                && before.desired() == JobState.LAUNCHED
                && job.desired() == JobState.LAUNCHED;
    }

    private static String whatChanged(Assignment before, Job job) {
        if (!before.hash().equals(job.hash())) {
            return "another text";
        }
        return isAnew(before, job) ? "to be started anew" : "wanted " + job.desired().text();
    }

    private List<Decision> forgiven() {
        List<Decision> forgiven = new ArrayList<>();
        for (Map.Entry<String, Long> note : cluster.strikeRevisions().entrySet()) {
            String unit = note.getKey();
            if (cluster.isLeftAlone(unit)) {
                continue;
            }
            if (cluster.strikes(unit).isEmpty()) {
                String reason = "unloaded, destroyed or of another text";
                forgiven.add(new Forgive(unit, note.getValue(), reason));
            } else if (!departures.struck().contains(unit) && isBorne(unit)) {
                forgiven.add(new Forgive(unit, note.getValue(), "a machine bears it"));
            }
        }
        return forgiven;
    }

    private boolean isBorne(String unit) {
        return cluster.told(unit).entrySet().stream()
                .filter(told -> cluster.hasMachine(told.getKey()))
                .mapToLong(told -> told.getValue().sinceMillis())
                .anyMatch(since -> since > 0 && !Strikes.isSoon(since, now.wallMillis()));
    }
}
