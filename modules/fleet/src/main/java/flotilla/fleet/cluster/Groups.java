package flotilla.fleet.cluster;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Names by something that they have in common. */
final class Groups {
    private final Map<String, Set<String>> members = new HashMap<>();

    void add(String group, String name) {
        members.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(name);
    }

    void remove(String group, String name) {
        members.computeIfPresent(group, (_, names) -> without(names, name));
    }

    @SuppressWarnings("NullAway") // What the map's own contract wants for "no entry".
    private static Set<String> without(Set<String> names, String name) {
        names.remove(name);
        return names.isEmpty() ? null : names;
    }

    Set<String> of(String group) {
        return Collections.unmodifiableSet(members.getOrDefault(group, Set.of()));
    }
}
