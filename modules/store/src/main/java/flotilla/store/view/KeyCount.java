package flotilla.store.view;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.ChangeCount;
import flotilla.store.apply.mvcc.Space;
import java.util.OptionalLong;

/**
 * How many keys there are. Counted once, when somebody first asks, and kept from then on, so that a
 * member whose metrics nobody reads never scans its keys.
 */
final class KeyCount {
    private final Backend storage;

    /** Keys that there were before the first change noted; empty until somebody asks. */
    private OptionalLong before = OptionalLong.empty();

    /** Keys made less keys gone, of all changes noted. */
    private long since;

    private long replacements;

    KeyCount(Backend storage) {
        this.storage = storage;
    }

    /** Runs a write and notes what it changes, so that a count falls before or after both. */
    synchronized void during(Runnable write, ChangeCount changes) {
        write.run();
        since += changes.keysMade();
    }

    /** The state was replaced: whoever asks next has it counted again. */
    synchronized void forget() {
        before = OptionalLong.empty();
        replacements++;
    }

    /** Reads all keys the first time. */
    long keys() {
        Backend.View view;
        long sinceThen;
        long replacementsThen;
        synchronized (this) {
            if (before.isPresent()) {
                return before.getAsLong() + since;
            }
            view = storage.view();
            sinceThen = since;
            replacementsThen = replacements;
        }
        long keys = count(view);
        synchronized (this) {
            if (replacements == replacementsThen) {
                before = OptionalLong.of(keys - sinceThen);
            }
            return keys - sinceThen + since;
        }
    }

    private static long count(Backend.View view) {
        long keys = 0;
        try (view;
                Backend.Cursor cursor = view.cursor(Space.LATEST)) {
            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                keys++;
            }
        }
        return keys;
    }
}
