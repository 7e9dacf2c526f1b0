package flotilla.store.apply.mvcc;

import flotilla.store.apply.refusal.UnreadableState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where the store stands. Written in the same atomic write as the data, so a view always says which
 * revision it shows and which log entry it reaches.
 *
 * @param appliedIndex last log entry in here; 0 for none
 * @param revision the newest revision; 1 for an empty store
 * @param compactRevision reads below it are refused; -1 before the first compaction
 */
public record StoreState(long appliedIndex, long appliedTerm, long revision, long compactRevision) {
    public static final StoreState FRESH = new StoreState(0, 0, 1, -1);

    /** How all spaces are laid out. Counted up by whoever changes that. */
    private static final int FORMAT = 2;

    private static final int LENGTH = Integer.BYTES + 4 * Long.BYTES;
    private static final byte[] KEY = "state".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMPACTED_KEY = "compacted".getBytes(StandardCharsets.US_ASCII);

    /**
     * @throws UnreadableState when another version wrote it, in a format that this one doesn't read
     */
    public static StoreState read(Backend.View view) {
        byte[] bytes = view.get(Space.META, KEY);
        if (bytes == null) {
            return FRESH;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != LENGTH || buffer.getInt() != FORMAT) {
            throw new UnreadableState(
                    "the store was written by another version, in a format that this one doesn't"
                            + " read: save what is in it with that version, and start with an empty"
                            + " data directory");
        }
        return new StoreState(
                buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** After one more entry, that changes nothing of this by itself. */
    public StoreState at(long index, long term) {
        return new StoreState(index, term, revision, compactRevision);
    }

    public StoreState withRevision(long newRevision) {
        return new StoreState(appliedIndex, appliedTerm, newRevision, compactRevision);
    }

    public StoreState withCompactRevision(long newCompactRevision) {
        return new StoreState(appliedIndex, appliedTerm, revision, newCompactRevision);
    }

    /** What writes it. */
    public Backend.Change change() {
        byte[] bytes =
                ByteBuffer.allocate(LENGTH)
                        .putInt(FORMAT)
                        .putLong(appliedIndex)
                        .putLong(appliedTerm)
                        .putLong(revision)
                        .putLong(compactRevision)
                        .array();
        return new Backend.Change(Space.META, KEY, bytes);
    }

    /** Up to which revision compaction has also deleted, not only refused; -1 for none. */
    static long deletedUpTo(Backend.View view) {
        byte[] bytes = view.get(Space.META, COMPACTED_KEY);
        return bytes == null ? -1 : ByteBuffer.wrap(bytes).getLong();
    }

    static Backend.Change deletedUpToChange(long revision) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
        return new Backend.Change(Space.META, COMPACTED_KEY, bytes);
    }
}
