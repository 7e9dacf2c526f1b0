package flotilla.store.apply.mvcc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port to where the store's bytes live: a few ordered spaces of byte keys (unsigned
 * lexicographic order), consistent views, atomic writes. Arrays are shared, not copied: neither
 * side changes one it has handed over. {@link MemoryBackend} is the small one that works.
 */
public interface Backend {
    /**
     * The state between two writes, whole. Views are short: one that stays open holds up a restore,
     * and in memory a write too. A thread opens one at a time.
     */
    View view();

    /** A view to change. One at a time; it is a view, with what is said of those. */
    Draft draft();

    /** Makes all changes or none, in order, also across a crash. For few. */
    void write(List<Change> changes);

    /** A consistent state to read from; used by one thread at a time. */
    interface View extends AutoCloseable {
        /** Which state it shows. */
        default StoreState state() {
            return StoreState.read(this);
        }

        byte @Nullable [] get(Space space, byte[] key);

        /** A cursor that stands nowhere until {@link Cursor#seek}. */
        Cursor cursor(Space space);

        @Override
        void close();
    }

    /**
     * A view with changes over it, of which nobody else knows until all are written at once: what
     * lets the commands of one log entry see each other. The changes may be many: where there is a
     * disk they are not on the heap. A cursor must not be open while changes are made.
     */
    interface Draft extends View {
        void put(Space space, byte[] key, byte[] value);

        void delete(Space space, byte[] key);

        default void add(Change change) {
            byte[] value = change.value();
            if (value == null) {
                delete(change.space(), change.key());
            } else {
                put(change.space(), change.key(), value);
            }
        }

        /** Remembers what has been changed so far. */
        void mark();

        /** Forgets what was changed since the last {@link #mark}, and that mark. */
        void rollback();

        /** Makes all changes or none, also across a crash. Once; only closing may follow. */
        void write();
    }

    /** Walks one space upwards. */
    interface Cursor extends AutoCloseable {
        /** Stands on the first key at or after {@code key}; false when there is none. */
        boolean seek(byte[] key);

        /** Stands on the next key; false when there is none. Only from a key. */
        boolean next();

        byte[] key();

        /** Loads it: costs nothing unless asked for. */
        byte[] value();

        @Override
        void close();
    }

    /**
     * @param value what the key holds from now on; null when it goes
     */
    record Change(Space space, byte[] key, byte @Nullable [] value) {}
}
