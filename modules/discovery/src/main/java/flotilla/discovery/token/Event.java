package flotilla.discovery.token;

import java.util.Optional;

/**
 * A change that happened, for those who wait.
 *
 * @param action create, set, update, compareAndSwap, delete, compareAndDelete or expire
 * @param entry the key after the change; after a delete without its value
 * @param previous the key before it
 * @param atMillis when, in ms since 1970
 */
public record Event(
        String token,
        String action,
        Entry entry,
        Optional<Entry> previous,
        long index,
        long atMillis) {
    /** Whether the key is gone by it. */
    public boolean removes() {
        return action.equals("delete")
                || action.equals("compareAndDelete")
                || action.equals("expire");
    }
}
