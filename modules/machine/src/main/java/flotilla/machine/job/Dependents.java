package flotilla.machine.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The other way round of {@link Dependencies}, for the units that are up: who names a unit. */
final class Dependents {
    private final Map<String, List<String>> following = new HashMap<>();
    private final Map<String, List<String>> conflicting = new HashMap<>();

    private Dependents() {}

    static Dependents of(Units units) {
        Dependents all = new Dependents();
        for (String name : units.names()) {
            if (units.isUp(name)) {
                Dependencies its = units.dependencies(name);
                its.followed().forEach(other -> add(all.following, other, name));
                its.conflicts().forEach(other -> add(all.conflicting, other, name));
            }
        }
        return all;
    }

    private static void add(Map<String, List<String>> to, String key, String name) {
        to.computeIfAbsent(key, _ -> new ArrayList<>()).add(name);
    }

    /** Units that stop and restart with this one. */
    List<String> following(String unit) {
        return following.getOrDefault(unit, List.of());
    }

    /** Units that can't be up beside this one, whichever of the two says so. */
    Set<String> conflictingWith(String unit, Dependencies its) {
        Set<String> all = new LinkedHashSet<>(its.conflicts());
        all.addAll(conflicting.getOrDefault(unit, List.of()));
        return all;
    }
}
