package flotilla.fleet.registry;

import flotilla.fleet.cluster.Entry;
import java.util.List;

/**
 * Some of what is under a prefix, in order of keys.
 *
 * @param last name below the prefix of the last key that was read, to go on after it; empty when
 *     there was none
 * @param more whether there are more after it
 */
public record Part<E extends Entry>(List<E> entries, String last, boolean more) {
    public Part {
        entries = List.copyOf(entries);
    }
}
