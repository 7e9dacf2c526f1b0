package flotilla.machine.job;

import flotilla.machine.job.Job.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request -> the jobs it needs on this unit and on others. Starts that wait for each other in a
 * circle are treated as systemd treats them: one that the request can do without is left out, and a
 * request that needs them all is refused.
 */
public final class JobPlanner {
    private static final String ASKED = "asked for";

    /** So many members of a cycle are named to people. */
    private static final int NAMES_MAX = 10;

    private final Units units;
    private final Dependents dependents;
    private final Needs needs;
    private final Map<String, Wish> wishes = new LinkedHashMap<>();

    /**
     * @param reason why, for the journal
     */
    public record Wish(String unit, Kind kind, String reason) {}

    /**
     * @param refusal why the request can't be met at all; then there are no wishes
     * @param remarks what was left out, for the journal
     */
    public record Plan(List<Wish> wishes, Optional<String> refusal, List<String> remarks) {}

    private JobPlanner(Units units, Dependents dependents, Needs needs) {
        this.units = units;
        this.dependents = dependents;
        this.needs = needs;
    }

    public static Plan plan(Units units, Kind kind, String name) {
        Dependents dependents = Dependents.of(units);
        boolean starts = kind == Kind.START || kind == Kind.RESTART;
        List<String> remarks = new ArrayList<>();
        Set<String> leftOut = new HashSet<>();
        while (true) {
            Needs needs = starts ? Needs.of(units, name, leftOut) : Needs.NONE;
            if (needs.isMissing(name)) {
                return refused(needs.reason(name));
            }
            JobPlanner planner = new JobPlanner(units, dependents, needs);
            planner.make(kind, name);
            List<List<String>> cycles = starts ? Cycles.in(planner.startsInOrder()) : List.of();
            if (cycles.isEmpty()) {
                return new Plan(List.copyOf(planner.wishes.values()), Optional.empty(), remarks);
            }
            for (List<String> cycle : cycles) {
                Optional<String> spare = cycle.stream().filter(planner::canBeSpared).findFirst();
                if (spare.isEmpty()) {
                    return refused("Transaction order is cyclic: " + words(cycle));
                }
                leftOut.add(spare.get());
                remarks.add(
                        "Job %s/start deleted to break ordering cycle: %s"
                                .formatted(spare.get(), words(cycle)));
            }
        }
    }

    private static Plan refused(String why) {
        return new Plan(List.of(), Optional.of(why), List.of());
    }

    private static String words(List<String> cycle) {
        return Stream.concat(cycle.stream(), cycle.stream().limit(1))
                .limit(NAMES_MAX)
                .collect(
                        Collectors.joining(
                                " after ", "", cycle.size() < NAMES_MAX ? "" : " after ..."));
    }

    private void make(Kind kind, String name) {
        switch (kind) {
            case START -> start(new Wish(name, Kind.START, ASKED));
            case STOP -> spread(Kind.STOP, name, ASKED);
            case RESTART -> {
                spread(Kind.RESTART, name, ASKED);
                pulledIn(name).forEach(this::start);
            }
            case RELOAD -> wish(new Wish(name, Kind.RELOAD, ASKED));
        }
    }

    /** With all that it pulls in, and that pulls in; what is met first comes first. */
    private void start(Wish first) {
        Deque<Wish> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            Wish wish = open.pop();
            if (wish(wish)) {
                pulledIn(wish.unit()).reversed().forEach(open::push);
            }
        }
    }

    /** The starts that a start leads to; the stops it leads to are planned at once. */
    private List<Wish> pulledIn(String name) {
        Dependencies its = units.dependencies(name);
        for (String other : dependents.conflictingWith(name, its)) {
            if (units.isUp(other)) {
                spread(Kind.STOP, other, "conflicts with " + name);
            }
        }
        List<Wish> starts = new ArrayList<>();
        for (String other : its.needs()) {
            if (!units.isUp(other)) {
                starts.add(new Wish(other, Kind.START, "required by " + name));
            }
        }
        // A wanted unit whose own needs can't be met is left out, and nothing else with it.
        for (String other : its.wants()) {
            if (!units.isUp(other) && !needs.isMissing(other)) {
                starts.add(new Wish(other, Kind.START, "wanted by " + name));
            }
        }
        return starts;
    }

    /** A stop or a restart takes along whatever depends on the unit. */
    private void spread(Kind kind, String name, String reason) {
        Deque<Wish> open = new ArrayDeque<>(List.of(new Wish(name, kind, reason)));
        while (!open.isEmpty()) {
            Wish wish = open.pop();
            if (wish(wish)) {
                for (String other : dependents.following(wish.unit()).reversed()) {
                    open.push(new Wish(other, kind, "depends on " + wish.unit()));
                }
            }
        }
    }

    private boolean wish(Wish wish) {
        return wishes.putIfAbsent(wish.unit(), wish) == null;
    }

    /** Stops are left aside: the queue ends their circles, for a stop must never be refused. */
    private JobGraph startsInOrder() {
        JobGraph graph = new JobGraph(units);
        for (Wish wish : wishes.values()) {
            if (wish.kind() == Kind.START || wish.kind() == Kind.RESTART) {
                graph.add(wish.unit(), wish.kind());
            }
        }
        return graph;
    }

    private boolean canBeSpared(String unit) {
        Wish wish = wishes.get(unit);
        return wish != null && wish.kind() == Kind.START && !needs.matters(unit);
    }
}
