package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.KeyValue;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads keys, now and as they were, from one view. */
public final class MvccReader {
    private final Backend.View view;
    private final long revision;
    private final long compactRevision;

    public MvccReader(Backend.View view, long revision, long compactRevision) {
        this.view = view;
        this.revision = revision;
        this.compactRevision = compactRevision;
    }

    /** Reads a view at the revision it shows. */
    public static MvccReader of(Backend.View view) {
        StoreState state = view.state();
        return new MvccReader(view, state.revision(), state.compactRevision());
    }

    public Backend.View view() {
        return view;
    }

    /** The newest revision here. */
    public long revision() {
        return revision;
    }

    public long compactRevision() {
        return compactRevision;
    }

    /** Refuses a revision that isn't yet or is no more; 0 and below mean now and are fine. */
    public void checkRevision(long asked) {
        checkTxnRevision(Math.max(0, asked));
    }

    /** In a transaction etcd takes only 0 for "latest"; what is below that is long compacted. */
    public void checkTxnRevision(long asked) {
        if (asked > revision) {
            throw new EtcdException(EtcdError.FUTURE_REVISION);
        }
        if (asked != 0 && asked < compactRevision) {
            throw new EtcdException(EtcdError.COMPACTED);
        }
    }

    /** A key as it is now; null when it isn't. */
    public @Nullable KeyHead head(ByteString key) {
        byte[] bytes = view.get(Space.LATEST, key.toByteArray());
        return bytes == null ? null : KeyHead.decode(bytes);
    }

    /** A key as it was at a revision; null when it wasn't. */
    @Nullable KeyHead headAt(ByteString key, long atRevision) {
        if (atRevision >= revision) {
            return head(key); // a lookup, where the history takes a seek
        }
        byte[] userKey = key.toByteArray();
        try (Backend.Cursor cursor = view.cursor(Space.HISTORY)) {
            boolean there =
                    cursor.seek(HistoryKey.newestAt(userKey, atRevision))
                            && Arrays.equals(HistoryKey.userKey(cursor.key()), userKey);
            byte[] stored = there ? cursor.value() : HistoryKey.DELETED;
            return HistoryKey.isPut(stored) ? KeyHead.decode(stored) : null;
        }
    }

    /** The same with its value. */
    public @Nullable KeyValue at(ByteString key, long atRevision) {
        KeyHead head = headAt(key, atRevision);
        return head == null ? null : load(head);
    }

    /** Reads the value that belongs to a head. */
    public KeyValue load(KeyHead head) {
        byte[] bytes = view.get(Space.REVISION, head.at().key());
        if (bytes == null) {
            throw missing(head.at());
        }
        return parse(bytes);
    }

    static IllegalStateException missing(Revision at) {
        return new IllegalStateException(
                "a key names revision " + at + " but the store doesn't hold it");
    }

    /** Is shown the keys of a range, in their order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @return whether to go on
         */
        boolean visit(Found found);
    }

    /**
     * Walks over the keys of a range and holds one at a time.
     *
     * @param atRevision as of which revision; 0 or less for now
     */
    public void walk(KeyRange range, long atRevision, Visitor visitor) {
        boolean now = atRevision <= 0 || atRevision == revision;
        if (range.isEmpty()) {
            return;
        }
        if (range.isSingleKey()) {
            KeyHead head = now ? head(range.start()) : headAt(range.start(), atRevision);
            if (head != null) {
                boolean _ =
                        visitor.visit(new Found(this, range.start().toByteArray(), head::encode));
            }
        } else if (now) {
            walkLatest(range, visitor);
        } else {
            walkHistory(range, atRevision, visitor);
        }
    }

    private void walkLatest(KeyRange range, Visitor visitor) {
        byte[] end = endOf(range);
        try (Backend.Cursor cursor = view.cursor(Space.LATEST)) {
            boolean on = cursor.seek(range.start().toByteArray());
            while (on && isBefore(cursor.key(), end)) {
                on = visitor.visit(new Found(this, cursor.key(), cursor::value)) && cursor.next();
            }
        }
    }

    private void walkHistory(KeyRange range, long atRevision, Visitor visitor) {
        byte[] end = endOf(range);
        try (Backend.Cursor cursor = view.cursor(Space.HISTORY)) {
            boolean on = cursor.seek(HistoryKey.newestAt(range.start().toByteArray(), atRevision));
            while (on) {
                byte[] userKey = HistoryKey.userKey(cursor.key());
                if (!isBefore(userKey, end)) {
                    break;
                }
                if (HistoryKey.revision(cursor.key()).main() > atRevision) {
                    on = cursor.seek(HistoryKey.newestAt(userKey, atRevision));
                    continue;
                }
                byte[] stored = cursor.value();
                boolean go =
                        !HistoryKey.isPut(stored)
                                || visitor.visit(new Found(this, userKey, () -> stored));
                on = go && cursor.seek(HistoryKey.afterAll(userKey));
            }
        }
    }

    private static byte @Nullable [] endOf(KeyRange range) {
        ByteString end = range.end();
        return end == null ? null : end.toByteArray();
    }

    private static boolean isBefore(byte[] key, byte @Nullable [] end) {
        return end == null || Arrays.compareUnsigned(key, end) < 0;
    }

    static KeyValue parse(byte[] bytes) {
        try {
            return KeyValue.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored key-value is damaged: " + e.getMessage(), e);
        }
    }
}
