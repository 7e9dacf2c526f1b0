package flotilla.fleet.engine;

import flotilla.fleet.engine.Decision.Course;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The machines whose turn it is, in one pass, to get a global unit's text by a rollout. */
final class Renewals {
    private final Map<String, Map<String, Renewal>> byUnit = new HashMap<>();

    /**
     * @param reason why it is this machine's turn
     */
    record Renewal(Course course, String reason) {}

    void add(Copy copy, Renewal renewal) {
        byUnit.computeIfAbsent(copy.job().name(), _ -> new HashMap<>())
                .put(copy.machine(), renewal);
    }

    Optional<Renewal> of(String unit, String machine) {
        return Optional.ofNullable(byUnit.getOrDefault(unit, Map.of()).get(machine));
    }

    Set<String> units() {
        return byUnit.keySet();
    }
}
