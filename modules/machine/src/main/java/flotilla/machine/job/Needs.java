package flotilla.machine.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of the units that a start may lead to: which it can't do without, and which can't be started. */
final class Needs {
    static final Needs NONE = new Needs();

    private final Set<String> matter = new HashSet<>();
    private final Map<String, String> missing = new HashMap<>();

    private Needs() {}

    /**
     * @param leftOut units that must not be started
     */
    static Needs of(Units units, String first, Set<String> leftOut) {
        Needs needs = new Needs();
        Map<String, List<String>> neededBy = needs.explore(units, first, leftOut);
        needs.spread(neededBy);
        needs.follow(units, first);
        return needs;
    }

    /** Whether the request fails if this unit can't be started. */
    boolean matters(String unit) {
        return matter.contains(unit);
    }

    boolean isMissing(String unit) {
        return missing.containsKey(unit);
    }

    String reason(String unit) {
        return missing.getOrDefault(unit, "");
    }

    /** Loads all units that a start may pull in; finds those that are not there. */
    private Map<String, List<String>> explore(Units units, String first, Set<String> leftOut) {
        Map<String, List<String>> neededBy = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>(Set.of(first));
        Deque<String> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            String name = open.remove();
            String load = units.load(name);
            if (!load.equals("loaded") || leftOut.contains(name)) {
                missing.put(name, "Unit " + name + " is " + load);
                continue;
            }
            Dependencies its = units.dependencies(name);
            for (String other : its.needs()) {
                if (!units.isUp(other)) {
                    neededBy.computeIfAbsent(other, _ -> new ArrayList<>()).add(name);
                    if (seen.add(other)) {
                        open.add(other);
                    }
                }
            }
            for (String other : its.wants()) {
                if (!units.isUp(other) && seen.add(other)) {
                    open.add(other);
                }
            }
        }
        return neededBy;
    }

    /** Whoever needs one that is missing can't be started either, and so on. */
    private void spread(Map<String, List<String>> neededBy) {
        Deque<String> lost = new ArrayDeque<>(missing.keySet());
        missing.replaceAll((name, why) ->
                why
                        + neededBy.getOrDefault(name, List.of()).stream()
                                .findFirst()
                                .map(by -> " (required by " + by + ")")
                                .orElse(""));
        while (!lost.isEmpty()) {
            String name = lost.remove();
            for (String by : neededBy.getOrDefault(name, List.of())) {
                if (missing.putIfAbsent(by, reason(name)) == null) {
                    lost.add(by);
                }
            }
        }
    }

    private void follow(Units units, String first) {
        Deque<String> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            String name = open.remove();
            if (matter.add(name)) {
                for (String other : units.dependencies(name).needs()) {
                    if (!units.isUp(other)) {
                        open.add(other);
                    }
                }
            }
        }
    }
}
