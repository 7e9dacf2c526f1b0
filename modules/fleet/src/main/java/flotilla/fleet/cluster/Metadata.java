package flotilla.fleet.cluster;

import flotilla.fleet.job.Machine;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a machine announces, with what was changed at run time laid over it. */
public final class Metadata {
    private Metadata() {}

    /**
     * @param changes an empty value hides the machine's own
     */
    public static Machine overlay(Machine machine, Map<String, Optional<String>> changes) {
        if (changes.isEmpty()) {
            return machine;
        }
        Map<String, String> result = new TreeMap<>(machine.metadata());
        changes.forEach((name, value) -> {
            if (value.isPresent()) {
                result.put(name, value.get());
            } else {
                result.remove(name);
            }
        });
        return machine.with(result);
    }
}
