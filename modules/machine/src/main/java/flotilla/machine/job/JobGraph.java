package flotilla.machine.job;

import flotilla.machine.job.Job.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Jobs, at most one a unit, and how they hang together: which waits for which (systemd.unit(5),
 * Before=), and which needs which. A question costs as much as the units that name each other in
 * it, however many jobs there are.
 */
final class JobGraph {
    private final Units units;
    private final Map<String, Entry> jobs = new LinkedHashMap<>();

    /** By unit, the jobs whose unit is ordered with it or needs it. */
    private final Map<String, Set<String>> namedBy = new HashMap<>();

    /** What a unit said of others when its job came, or when all were read again. */
    private record Entry(Kind kind, Dependencies its) {
        Set<String> named() {
            Set<String> named = its.needs();
            named.addAll(its.after());
            named.addAll(its.before());
            named.addAll(its.afterByDefault());
            return named;
        }
    }

    JobGraph(Units units) {
        this.units = units;
    }

    void add(String unit, Kind kind) {
        remove(unit);
        Entry entry = new Entry(kind, units.dependencies(unit));
        jobs.put(unit, entry);
        for (String named : entry.named()) {
            namedBy.computeIfAbsent(named, _ -> new LinkedHashSet<>()).add(unit);
        }
    }

    void remove(String unit) {
        Entry entry = jobs.remove(unit);
        if (entry == null) {
            return;
        }
        for (String named : entry.named()) {
            Set<String> naming = namedBy.get(named);
            if (naming != null && naming.remove(unit) && naming.isEmpty()) {
                namedBy.remove(named);
            }
        }
    }

    /** The units say other things of each other now. */
    void refresh() {
        Map<String, Entry> old = new LinkedHashMap<>(jobs);
        jobs.clear();
        namedBy.clear();
        old.forEach((unit, entry) -> add(unit, entry.kind()));
    }

    /** In the order they were added. */
    List<String> units() {
        return List.copyOf(jobs.keySet());
    }

    /** The jobs that must end before this one may run. */
    List<String> awaited(String unit) {
        return around(unit).stream().filter(each -> waits(unit, each)).toList();
    }

    boolean isBlocked(String unit) {
        return around(unit).stream().anyMatch(each -> waits(unit, each));
    }

    /** The jobs that may not run before this one has ended. */
    List<String> awaiting(String unit) {
        return around(unit).stream().filter(each -> waits(each, unit)).toList();
    }

    /** The starts that can't succeed without the unit. */
    List<String> needing(String unit) {
        return namedBy.getOrDefault(unit, Set.of()).stream()
                .filter(other -> entry(other).kind() == Kind.START)
                .filter(other -> entry(other).its().needs().contains(unit))
                .toList();
    }

    private Entry entry(String unit) {
        Entry entry = jobs.get(unit);
        if (entry == null) {
            throw new IllegalStateException("no job of " + unit);
        }
        return entry;
    }

    /** The jobs that may have something to do with the unit's own. */
    private List<String> around(String unit) {
        Set<String> around = entry(unit).named();
        around.addAll(namedBy.getOrDefault(unit, Set.of()));
        around.remove(unit);
        List<String> present = new ArrayList<>(around);
        present.removeIf(other -> !jobs.containsKey(other));
        return present;
    }

    private boolean waits(String unit, String other) {
        Kind kind = entry(unit).kind();
        Kind others = entry(other).kind();
        if (kind == Kind.RELOAD || others == Kind.RELOAD) {
            return false;
        }
        boolean after = isAfter(unit, other);
        boolean before = isAfter(other, unit);
        if (kind == Kind.STOP) {
            return others == Kind.STOP && before;
        }
        return others == Kind.STOP ? after || before : after;
    }

    private boolean isAfter(String unit, String other) {
        Dependencies its = entry(unit).its();
        Dependencies others = entry(other).its();
        return its.after().contains(other)
                || others.before().contains(unit)
                || (its.afterByDefault().contains(other)
                        && !others.after().contains(unit)
                        && !its.before().contains(other));
    }
}
