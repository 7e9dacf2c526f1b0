package flotilla.fleet.cluster;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which machine each unit belongs to; and what belongs to each machine, there or gone. */
final class Owners {
    private final Map<String, Versioned<String>> owners = new HashMap<>();
    private final Groups byMachine = new Groups();

    void put(String unit, String machine, long revision) {
        remove(unit);
        owners.put(unit, new Versioned<>(machine, revision));
        byMachine.add(machine, unit);
    }

    void remove(String unit) {
        Versioned<String> before = owners.remove(unit);
        if (before != null) {
            byMachine.remove(before.value(), unit);
        }
    }

    @Nullable Versioned<String> find(String unit) {
        return owners.get(unit);
    }

    Set<String> units() {
        return Collections.unmodifiableSet(owners.keySet());
    }

    Set<String> of(String machine) {
        return byMachine.of(machine);
    }
}
