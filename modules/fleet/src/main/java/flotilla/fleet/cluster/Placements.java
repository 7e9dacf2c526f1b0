package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What machines are told of each unit, and how far they say they are with it. */
final class Placements {
    private final Map<String, Map<String, Told>> told = new TreeMap<>();
    private final Map<String, Map<String, Acknowledgement>> said = new HashMap<>();

    void put(String machine, String unit, Told what) {
        told.computeIfAbsent(unit, _ -> new TreeMap<>()).put(machine, what);
    }

    void remove(String machine, String unit) {
        told.computeIfPresent(unit, (_, there) -> without(there, machine));
    }

    void put(String machine, String unit, Acknowledgement answer) {
        said.computeIfAbsent(unit, _ -> new HashMap<>()).put(machine, answer);
    }

    void removeAnswer(String machine, String unit) {
        said.computeIfPresent(unit, (_, there) -> without(there, machine));
    }

    @SuppressWarnings("NullAway") // What the map's own contract wants for "no entry".
    private static <T> Map<String, T> without(Map<String, T> there, String machine) {
        there.remove(machine);
        return there.isEmpty() ? null : there;
    }

    /** By name. */
    Set<String> units() {
        return Collections.unmodifiableSet(told.keySet());
    }

    /** By machine. */
    Map<String, Told> of(String unit) {
        return Collections.unmodifiableMap(told.getOrDefault(unit, Map.of()));
    }

    /** What the machine says of what it is told now; what it said of an earlier word is void. */
    Optional<Acknowledgement> answer(String machine, String unit) {
        Told now = of(unit).get(machine);
        return Optional.ofNullable(said.getOrDefault(unit, Map.of()).get(machine))
                .filter(answer -> now != null && answer.placement() == now.revision());
    }
}
