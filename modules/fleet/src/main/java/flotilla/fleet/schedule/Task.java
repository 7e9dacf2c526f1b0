package flotilla.fleet.schedule;

import java.util.Set;

/**
 * A unit that wants a machine.
 *
 * @param family what template it is an instance of (its prefix); empty for a plain unit. Instances
 *     of one template are spread
 * @param current the machines that have it now; at most one unless it is global
 */
public record Task(String name, String family, Requirements requirements, Set<String> current) {
    public Task {
        current = Set.copyOf(current);
    }
}
