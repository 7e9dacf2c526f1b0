package flotilla.machine.job;

import flotilla.machine.job.Job.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request -> the jobs it needs on this unit and on others. */
public final class JobPlanner {
    private final Units units;
    private final Map<String, Wish> wishes = new LinkedHashMap<>();
    private Optional<String> refusal = Optional.empty();

    /**
     * @param reason why, for the journal
     */
    public record Wish(String unit, Kind kind, String reason) {}

    /**
     * @param refusal why the request can't be met at all; then there are no wishes
     */
    public record Plan(List<Wish> wishes, Optional<String> refusal) {}

    private JobPlanner(Units units) {
        this.units = units;
    }

    public static Plan plan(Units units, Kind kind, String name) {
        JobPlanner planner = new JobPlanner(units);
        switch (kind) {
            case START -> planner.start(name, "asked for", true);
            case STOP -> planner.stop(name, "asked for");
            case RESTART -> {
                planner.spread(Kind.RESTART, name, "asked for");
                planner.pullIn(name);
            }
            case RELOAD -> planner.wish(name, Kind.RELOAD, "asked for");
        }
        if (planner.refusal.isPresent()) {
            return new Plan(List.of(), planner.refusal);
        }
        return new Plan(new ArrayList<>(planner.wishes.values()), Optional.empty());
    }

    private void start(String name, String reason, boolean needed) {
        if (wishes.containsKey(name)) {
            return;
        }
        String load = units.load(name);
        if (!load.equals("loaded")) {
            if (needed && refusal.isEmpty()) {
                refusal = Optional.of("Unit " + name + " is " + load + " (" + reason + ")");
            }
            return;
        }
        wish(name, Kind.START, reason);
        pullIn(name);
    }

    private void pullIn(String name) {
        Dependencies its = units.dependencies(name);
        for (String other : units.names()) {
            boolean conflicts =
                    its.conflicts().contains(other)
                            || units.dependencies(other).conflicts().contains(name);
            if (conflicts && units.isUp(other)) {
                stop(other, "conflicts with " + name);
            }
        }
        for (String other : its.needs()) {
            if (!units.isUp(other)) {
                start(other, "required by " + name, true);
            }
        }
        for (String other : its.wants()) {
            if (!units.isUp(other)) {
                startIfPossible(other, "wanted by " + name);
            }
        }
    }

    /** A wanted unit whose own needs can't be met is left out, and nothing else with it. */
    private void startIfPossible(String name, String reason) {
        Map<String, Wish> kept = new LinkedHashMap<>(wishes);
        Optional<String> before = refusal;
        start(name, reason, false);
        if (!refusal.equals(before)) {
            refusal = before;
            wishes.clear();
            wishes.putAll(kept);
        }
    }

    private void stop(String name, String reason) {
        spread(Kind.STOP, name, reason);
    }

    /** A stop or a restart takes along whatever depends on the unit. */
    private void spread(Kind kind, String name, String reason) {
        if (wishes.containsKey(name)) {
            return;
        }
        wish(name, kind, reason);
        for (String other : units.names()) {
            if (units.isUp(other) && units.dependencies(other).followsStopOf(name)) {
                spread(kind, other, "depends on " + name);
            }
        }
    }

    private void wish(String name, Kind kind, String reason) {
        wishes.put(name, new Wish(name, kind, reason));
    }
}
