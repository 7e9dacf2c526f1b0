package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.KeyValue;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.Arrays;
import java.util.function.Supplier;
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
        StoreState state = StoreState.read(view);
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

    public @Nullable KeyValue latest(ByteString key) {
        byte[] bytes = view.get(Space.LATEST, key.toByteArray());
        return bytes == null ? null : parse(bytes);
    }

    /** The key as it was at a revision; null when it wasn't. */
    public @Nullable KeyValue at(ByteString key, long atRevision) {
        if (atRevision >= revision) {
            return latest(key); // a lookup, where the history takes a seek
        }
        byte[] userKey = key.toByteArray();
        try (Backend.Cursor cursor = view.cursor(Space.HISTORY)) {
            if (!cursor.seek(HistoryKey.newestAt(userKey, atRevision))
                    || !Arrays.equals(HistoryKey.userKey(cursor.key()), userKey)
                    || !HistoryKey.isPut(cursor.value())) {
                return null;
            }
            return stored(HistoryKey.revision(cursor.key()));
        }
    }

    /** Is shown the keys of a range, in their order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param kv loads what the key holds; only during the visit
         * @return whether to go on
         */
        boolean visit(Supplier<KeyValue> kv);
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
            KeyValue kv = now ? latest(range.start()) : at(range.start(), atRevision);
            if (kv != null) {
                boolean _ = visitor.visit(() -> kv);
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
                on = visitor.visit(() -> parse(cursor.value())) && cursor.next();
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
                Revision found = HistoryKey.revision(cursor.key());
                if (found.main() > atRevision) {
                    on = cursor.seek(HistoryKey.newestAt(userKey, atRevision));
                    continue;
                }
                boolean go =
                        !HistoryKey.isPut(cursor.value()) || visitor.visit(() -> stored(found));
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

    /** What a put at a revision stored. */
    private KeyValue stored(Revision at) {
        byte[] bytes = view.get(Space.REVISION, at.key());
        if (bytes == null) {
            throw new IllegalStateException(
                    "the history names revision " + at + " but the store doesn't hold it");
        }
        return parse(bytes);
    }

    static KeyValue parse(byte[] bytes) {
        try {
            return KeyValue.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored key-value is damaged: " + e.getMessage(), e);
        }
    }
}
