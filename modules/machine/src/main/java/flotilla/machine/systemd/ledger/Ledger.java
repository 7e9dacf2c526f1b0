package flotilla.machine.systemd.ledger;

import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import flotilla.machine.systemd.ledger.Effect.Ended;
import flotilla.machine.systemd.ledger.Effect.ListAll;
import flotilla.machine.systemd.ledger.Effect.ListLater;
import flotilla.machine.systemd.ledger.Effect.Tell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of systemd's units and jobs from what its bus said. Three things make that more
 * than a table:
 *
 * <ul>
 *   <li>a reply and a signal have no order: a job may have ended before the reply names it, and a
 *       list may be older than a change that was heard before it. So the results of jobs that
 *       nobody asked for are kept for a while, and what was said of a unit since a list was asked
 *       for stands against the list;
 *   <li>a reload says of every unit that it goes and comes: that is not heard, all are asked for
 *       once it is over;
 *   <li>what was said while there was no bus, or in a reload, is never said again: a job that a
 *       later list no longer shows has ended in some way, and ends as unknown if two lists say so.
 * </ul>
 *
 * Not thread-safe.
 */
public final class Ledger {
    /** Results kept of jobs whose replies have not come. */
    private static final int RESULTS_MAX = 4096;

    /** Units at rest whose load state is remembered. */
    private static final int AT_REST_MAX = 65_536;

    private final Map<String, UnitState> units = new TreeMap<>();

    /**
     * Of units that are not in memory: whether their files can be loaded. Until the next reload.
     */
    private final Map<String, String> atRest = new HashMap<>();

    private final Set<String> saidSinceAsked = new HashSet<>();
    private final Map<Long, Waiting> waiting = new TreeMap<>();
    private final Map<String, JobResult> results = new LinkedHashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private boolean reloading;
    private boolean known;

    /** Who waits for which job, and how many lists in a row have not shown it. */
    private record Waiting(long order, String job, int unseen) {}

    /** Whether there was a list since the bus was there. */
    public boolean isKnown() {
        return known;
    }

    /** A unit in memory, or one of which it was said how it is at rest. */
    public Optional<UnitState> state(String unit) {
        UnitState state = units.get(unit);
        String load = atRest.get(unit);
        if (state != null) {
            return Optional.of(state);
        }
        return load == null
                ? Optional.empty()
                : Optional.of(new UnitState(unit, load, "inactive", "dead", 0, "success"));
    }

    /** All in memory, by name. */
    public List<UnitState> all() {
        return List.copyOf(units.values());
    }

    /** What a unit's own properties say, of which lists say nothing. */
    public void learn(String unit, long mainPid, String result) {
        units.computeIfPresent(
                unit,
                (_, is) -> new UnitState(unit, is.load(), is.active(), is.sub(), mainPid, result));
    }

    /** What follows, in order. */
    public List<Effect> on(Signal signal) {
        effects.clear();
        switch (signal) {
            case Signal.Asked() -> saidSinceAsked.clear();
            case Signal.Listed(List<Row> rows) -> listed(rows);
            case Signal.Named(List<Row> rows) -> rows.forEach(this::named);
            case Signal.Changed(String unit, var properties) -> changed(unit, properties);
            case Signal.Removed(String unit) -> removed(unit);
            case Signal.Reloading(boolean begins) -> reloading(begins);
            case Signal.JobGiven(long order, String job) -> given(order, job);
            case Signal.JobRemoved(String job, String result) -> ended(job, Words.result(result));
            case Signal.GaveUp(long order) -> waiting.remove(order);
            case Signal.Lost() -> lost();
        }
        return List.copyOf(effects);
    }

    private void tell(Set<String> names) {
        if (!names.isEmpty()) {
            effects.add(new Tell(Set.copyOf(names)));
        }
    }

    // Units

    private void listed(List<Row> rows) {
        Set<String> differ = new TreeSet<>(atRest.keySet());
        Set<String> gone = new HashSet<>(units.keySet());
        Set<String> jobs = new HashSet<>();
        atRest.clear();
        for (Row row : rows) {
            jobs.add(row.job());
            gone.remove(row.name());
            UnitState before = units.get(row.name());
            if (!saidSinceAsked.contains(row.name()) && !isAs(before, row)) {
                units.put(row.name(), state(row, before));
                differ.add(row.name());
            }
        }
        gone.removeAll(saidSinceAsked);
        units.keySet().removeAll(gone);
        differ.addAll(gone);
        known = true;
        tell(differ);
        missing(jobs);
    }

    /** One that is at rest was loaded for the answer only, if it was not there. */
    private void named(Row row) {
        UnitState before = units.get(row.name());
        if (saidSinceAsked.contains(row.name()) && before != null) {
            return;
        }
        if (row.isAtRest()) {
            units.remove(row.name());
            rests(row.name(), row.load());
        } else {
            units.put(row.name(), state(row, before));
        }
        if (before != null && !isAs(before, row)) {
            tell(Set.of(row.name()));
        }
    }

    private void rests(String unit, String load) {
        if (atRest.size() >= AT_REST_MAX) {
            atRest.clear();
        }
        atRest.put(unit, load);
    }

    private static boolean isAs(@Nullable UnitState before, Row row) {
        return before != null
                && before.load().equals(row.load())
                && before.active().equals(row.active())
                && before.sub().equals(row.sub());
    }

    /** What lists don't say stays as it was while the unit does. */
    private static UnitState state(Row row, @Nullable UnitState before) {
        if (before != null && before.active().equals(row.active())) {
            return new UnitState(
                    row.name(),
                    row.load(),
                    row.active(),
                    row.sub(),
                    before.mainPid(),
                    before.result());
        }
        String result = row.active().equals("failed") ? "" : "success";
        return new UnitState(row.name(), row.load(), row.active(), row.sub(), 0, result);
    }

    private void changed(String unit, Map<String, String> properties) {
        if (reloading) {
            return;
        }
        UnitState before = units.get(unit);
        if (before == null && !properties.containsKey("ActiveState")) {
            return;
        }
        UnitState was =
                before != null
                        ? before
                        : new UnitState(
                                unit,
                                atRest.getOrDefault(unit, "loaded"),
                                "inactive",
                                "dead",
                                0,
                                "success");
        UnitState now =
                new UnitState(
                        unit,
                        properties.getOrDefault("LoadState", was.load()),
                        properties.getOrDefault("ActiveState", was.active()),
                        properties.getOrDefault("SubState", was.sub()),
                        Long.parseLong(
                                properties.getOrDefault("MainPID", String.valueOf(was.mainPid()))),
                        properties.getOrDefault("Result", was.result()));
        saidSinceAsked.add(unit);
        units.put(unit, now);
        if (!now.equals(before)) {
            tell(Set.of(unit));
        }
    }

    private void removed(String unit) {
        if (reloading) {
            return;
        }
        saidSinceAsked.add(unit);
        UnitState before = units.remove(unit);
        if (before != null) {
            rests(unit, before.load());
            if (!before.active().equals("inactive")) {
                tell(Set.of(unit));
            }
        }
    }

    private void reloading(boolean begins) {
        reloading = begins;
        if (!begins) {
            effects.add(new ListAll());
        }
    }

    // Jobs

    /** A second start during a start is the same job: both wait for it. */
    private void given(long order, String job) {
        JobResult result = results.get(job);
        if (result == null) {
            waiting.put(order, new Waiting(order, job, 0));
        } else {
            effects.add(new Ended(order, result));
        }
    }

    private void ended(String job, JobResult result) {
        results.put(job, result);
        if (results.size() > RESULTS_MAX) {
            results.remove(results.keySet().iterator().next());
        }
        for (Waiting its : List.copyOf(waiting.values())) {
            if (its.job().equals(job)) {
                end(its, result);
            }
        }
    }

    private void end(Waiting its, JobResult result) {
        waiting.remove(its.order());
        effects.add(new Ended(its.order(), result));
    }

    /** Word of the end of a job may be on its way when a list no longer has it: not for two. */
    private void missing(Set<String> jobs) {
        for (Waiting its : List.copyOf(waiting.values())) {
            if (jobs.contains(its.job())) {
                waiting.put(its.order(), new Waiting(its.order(), its.job(), 0));
            } else if (its.unseen() == 0) {
                waiting.put(its.order(), new Waiting(its.order(), its.job(), 1));
                effects.add(new ListLater());
            } else {
                end(its, JobResult.UNKNOWN);
            }
        }
    }

    private void lost() {
        known = false;
        reloading = false;
        List.copyOf(waiting.values()).forEach(its -> end(its, JobResult.UNKNOWN));
        results.clear();
    }
}
