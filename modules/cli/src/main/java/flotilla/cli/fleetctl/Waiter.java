package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.News;
import flotilla.fleet.api.ProgressBody;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import flotilla.platform.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits until units are where they were told to be, and meanwhile says why they are not. It looks
 * at a unit when fleet says that it has changed. Ctrl-C ends only the waiting: what was asked for
 * stays asked for.
 */
final class Waiter {
    /**
     * One attempt of {@code --block-attempts}; after so long it says why units wait, and asks again
     * no sooner than that long after.
     */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /** After how long it asks again at the latest, though all the answers were the same. */
    private static final Duration DISTANCE_MAX = Duration.ofSeconds(30);

    /** Units of which is asked why they wait: fleet reads the whole cluster for an answer. */
    private static final int EXPLAINED_MAX = 8;

    /** Units up to which each is asked for by name. */
    private static final int FEW = 8;

    /** Units up to which fleet is told that it is them we want to hear of; more are a long line. */
    private static final int NAMED_MAX = 64;

    /** What the state of a unit follows from. */
    private static final Set<String> KINDS =
            Set.of("unit", "owner", "placement", "acknowledgement", "state");

    /** What the reason for which a unit waits follows from, whatever it is of. */
    private static final Set<String> REASONS =
            Stream.concat(
                            KINDS.stream(),
                            Stream.of(
                                    "strikes",
                                    "text",
                                    "machine",
                                    "metadata",
                                    "eligibility",
                                    "leaving"))
                    .collect(Collectors.toUnmodifiableSet());

    /** What a unit's init says while processes of it may be there. */
    private static final Set<String> ALIVE =
            Set.of("active", "activating", "deactivating", "reloading");

    private static final long FOREVER = Long.MAX_VALUE;

    private final FleetClient fleet;
    private final Clock clock;
    private final Reasons reasons;
    private long patienceNanos;

    /**
     * @param attempts of two seconds each, for all that it waits for; 0 is for ever
     */
    Waiter(FleetClient fleet, int attempts) {
        this(fleet, attempts, Clock.system());
    }

    Waiter(FleetClient fleet, int attempts, Clock clock) {
        this.fleet = fleet;
        this.clock = clock;
        this.reasons = new Reasons(fleet);
        this.patienceNanos = attempts <= 0 ? FOREVER : ATTEMPT.multipliedBy(attempts).toNanos();
    }

    /** What is waited for. */
    private interface Goal {
        /**
         * Looks at units that may have changed, and drops from {@code left} all that are there.
         * Returns after how many nanoseconds to look again though nothing changes.
         */
        long look(Set<String> left, Set<String> changed);
    }

    /**
     * The one wait.
     *
     * @param state none is on its way to when what is waited for is an end
     */
    private void until(Collection<String> units, JobState state, Goal goal)
            throws InterruptedException {
        Set<String> left = new TreeSet<>(units);
        if (left.isEmpty()) {
            return;
        }
        long begunNanos = clock.nanos();
        long againNanos = FOREVER;
        try (Ear ear = new Ear(left, state != JobState.INACTIVE)) {
            while (!left.isEmpty()) {
                long spentNanos = clock.nanos() - begunNanos;
                if (spentNanos >= patienceNanos) {
                    throw timedOut(left);
                }
                ear.explain(left, spentNanos);
                long restNanos = Math.min(patienceNanos, ear.explainNanos) - spentNanos;
                List<News.Item> items = ear.await(Math.min(restNanos, againNanos));
                againNanos = goal.look(left, changed(items, left));
            }
        }
        if (patienceNanos != FOREVER) {
            patienceNanos -= clock.nanos() - begunNanos;
        }
    }

    /**
     * Hears of the units that are waited for. Once it has said why they wait, it hears of whatever
     * that may follow from, and asks again when something of it has changed: in a busy cluster that
     * is always so, and an answer costs fleet a look at all of it, so it asks at twice the distance
     * each time that the answers are the same.
     */
    private final class Ear implements AutoCloseable {
        private News news;
        private boolean hearsAll;

        /** When it is to be asked why they wait; by what is spent of the wait. */
        private long explainNanos;

        private long soonestNanos;
        private long distanceNanos = ATTEMPT.toNanos();

        Ear(Set<String> units, boolean explains) {
            news = fleet.news(about(units));
            explainNanos = explains ? ATTEMPT.toNanos() : FOREVER;
        }

        void explain(Set<String> left, long spentNanos) {
            if (spentNanos < explainNanos) {
                return;
            }
            if (!hearsAll) {
                hearsAll = true;
                news.close();
                news = fleet.news(new EventFilter(REASONS, Set.of(), Set.of()));
            }
            long fresh = left.stream().limit(EXPLAINED_MAX).filter(reasons::say).count();
            explainNanos = FOREVER;
            soonestNanos = spentNanos + distanceNanos;
            distanceNanos =
                    fresh > 0
                            ? ATTEMPT.toNanos()
                            : Math.min(2 * distanceNanos, DISTANCE_MAX.toNanos());
        }

        List<News.Item> await(long nanos) throws InterruptedException {
            List<News.Item> items = news.await(Duration.ofNanos(nanos));
            if (hearsAll && !items.isEmpty()) {
                explainNanos = soonestNanos;
            }
            return items;
        }

        @Override
        public void close() {
            news.close();
        }
    }

    private static EventFilter about(Set<String> units) {
        return new EventFilter(KINDS, units.size() <= NAMED_MAX ? units : Set.of(), Set.of());
    }

    private static Set<String> changed(List<News.Item> items, Set<String> left) {
        if (items.stream().anyMatch(News.Item::isReset)) {
            return new TreeSet<>(left);
        }
        Set<String> changed = items.stream().map(News.Item::name).collect(Collectors.toSet());
        changed.retainAll(left);
        return changed;
    }

    private static CommandFailure timedOut(Set<String> left) {
        return new CommandFailure(
                "timed out waiting for "
                        + String.join(" ", left)
                        + "; it stays asked for, see 'flotilla status'");
    }

    /** Until each is in the state; prints a line per unit. */
    void await(Collection<String> units, JobState state) throws InterruptedException {
        until(
                units,
                state,
                (left, changed) -> {
                    Map<String, UnitBody> now = look(changed);
                    for (String name : changed) {
                        UnitBody unit = requireWanted(name, now.get(name), state);
                        if (state.text().equals(unit.currentState())) {
                            System.out.println(line(unit, state));
                            left.remove(name);
                        }
                    }
                    return FOREVER;
                });
    }

    private String line(UnitBody unit, JobState state) {
        // An inactive one may still have its machine's name, until the engine has taken that too.
        String where =
                state == JobState.INACTIVE
                        ? ""
                        : Machines.of(fleet).legend(unit.machineID(), false);
        return "Unit %s %s%s"
                .formatted(unit.name(), state.text(), where.isEmpty() ? "" : " on " + where);
    }

    private Map<String, UnitBody> look(Set<String> names) {
        List<UnitBody> units =
                names.size() <= FEW
                        ? names.stream().flatMap(name -> fleet.unit(name).stream()).toList()
                        : fleet.listUnits();
        return units.stream().collect(Collectors.toMap(u -> String.valueOf(u.name()), u -> u));
    }

    /** What machines say of these units. */
    List<StateBody> states(Set<String> names) {
        return names.size() <= FEW
                ? names.stream().flatMap(name -> fleet.states(name).stream()).toList()
                : fleet.listStates().stream()
                        .filter(state -> names.contains(String.valueOf(state.name())))
                        .toList();
    }

    /** What is waited for will not come when the unit is gone or somebody wants it otherwise. */
    private static UnitBody requireWanted(String unit, @Nullable UnitBody now, JobState state) {
        if (now == null) {
            throw new CommandFailure("Unit " + unit + " was destroyed meanwhile");
        }
        requireWanted(unit, String.valueOf(now.desiredState()), state);
        return now;
    }

    private static void requireWanted(String unit, String wanted, JobState state) {
        if (!wanted.equals(state.text())) {
            throw new CommandFailure(
                    "Unit %s is wanted %s now, not %s: it was told so meanwhile"
                            .formatted(unit, wanted, state.text()));
        }
    }

    /**
     * Until a unit that was asked for at this generation was started anew on all its machines.
     *
     * @param global whether it may be on no machine at all
     */
    void awaitRestarted(String name, long generation, boolean global) throws InterruptedException {
        until(
                Set.of(name),
                JobState.LAUNCHED,
                (left, changed) -> {
                    if (changed.isEmpty()) {
                        return FOREVER;
                    }
                    ProgressBody now =
                            fleet.progress(name)
                                    .orElseThrow(() ->
                                            new CommandFailure(
                                                    "Unit " + name + " was destroyed meanwhile"));
                    requireWanted(name, now.desiredState(), JobState.LAUNCHED);
                    if (now.isDone(generation) && (global || !now.machines().isEmpty())) {
                        left.clear();
                    }
                    return FOREVER;
                });
    }

    /** Until it is known how each fares; fails for those that did not start or do not last. */
    void awaitRunning(Collection<String> units) throws InterruptedException {
        Starts starts = new Starts();
        until(
                units,
                JobState.LAUNCHED,
                (left, changed) -> {
                    Map<String, UnitBody> wanted = look(changed);
                    changed.forEach(
                            unit -> requireWanted(unit, wanted.get(unit), JobState.LAUNCHED));
                    Map<String, List<StateBody>> states =
                            states(changed).stream()
                                    .collect(Collectors.groupingBy(s -> String.valueOf(s.name())));
                    long nowNanos = clock.nanos();
                    changed.forEach(unit ->
                            starts.see(unit, states.getOrDefault(unit, List.of()), nowNanos));
                    return starts.settle(left, nowNanos);
                });
        starts.requireGood();
    }

    /** Until no machine has a process of theirs any more. */
    void awaitStopped(Set<String> units) throws InterruptedException {
        until(
                units,
                JobState.INACTIVE,
                (left, changed) -> {
                    drop(
                            left,
                            changed,
                            state -> ALIVE.contains(String.valueOf(state.systemdActiveState())));
                    return FOREVER;
                });
    }

    /** Until no machine has them any more. */
    void awaitGone(Set<String> units) throws InterruptedException {
        until(
                units,
                JobState.INACTIVE,
                (left, changed) -> {
                    drop(left, changed, _ -> true);
                    return FOREVER;
                });
    }

    /** Drops those that have changed and of which no machine says what would keep them. */
    private void drop(Set<String> left, Set<String> changed, Predicate<StateBody> keeps) {
        Set<String> kept =
                states(changed).stream()
                        .filter(keeps)
                        .map(state -> String.valueOf(state.name()))
                        .collect(Collectors.toSet());
        left.removeIf(unit -> changed.contains(unit) && !kept.contains(unit));
    }
}
