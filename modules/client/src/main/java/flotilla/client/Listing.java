package flotilla.client;

import flotilla.protocol.KeyValue;
import java.util.List;

/**
 * The keys of a range as they stood at one revision.
 *
 * @param revision a watch from {@code revision + 1} sees all that has changed since
 */
public record Listing(List<KeyValue> kvs, long revision) {
    public Listing {
        kvs = List.copyOf(kvs);
    }
}
