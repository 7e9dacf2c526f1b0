package flotilla.store.apply.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what compaction made unreadable, a bounded step at a time, beside new writes.
 *
 * <p>A version goes when the same key has a newer one not after the compact revision C; a deletion
 * goes when it is older than C. What happened <em>at</em> C stays whole, for a watch may start
 * there. Every version that goes has a successor in (previous C, C], so only that stretch of
 * history is walked, each entry taking the one before it with it: the work is in proportion to what
 * happened since the last compaction, not to what is stored. A step only touches what no read can
 * see any more, so it needs no order with the writes of the log; repeating one does no harm.
 */
public final class Compaction {
    private Compaction() {}

    /**
     * @param changes to be written at once
     * @param next where the next step begins; null when all is done
     */
    public record Step(List<Backend.Change> changes, byte @Nullable [] next) {}

    /** Whether anything is left to delete. */
    public static boolean isDue(Backend.View view) {
        return StoreState.deletedUpTo(view) < StoreState.read(view).compactRevision();
    }

    /** Up to which revision all has been deleted; -1 for none. */
    public static long deletedUpTo(Backend.View view) {
        return StoreState.deletedUpTo(view);
    }

    /**
     * Plans one step.
     *
     * @param from what the last step returned; null to begin where an earlier run ended
     * @param entriesMax how many entries of the history to look at
     */
    public static Step step(Backend.View view, byte @Nullable [] from, int entriesMax) {
        long compactRevision = StoreState.read(view).compactRevision();
        List<Backend.Change> changes = new ArrayList<>();
        Doomed doomed = new Doomed(compactRevision, changes);
        byte[] start =
                from != null
                        ? from
                        : new Revision(Math.max(StoreState.deletedUpTo(view), 0), 0).key();
        int looked = 0;
        try (Backend.Cursor cursor = view.cursor(Space.REVISION);
                Backend.Cursor history = view.cursor(Space.HISTORY)) {
            for (boolean on = cursor.seek(start); on; on = cursor.next()) {
                Revision at = Revision.ofKey(cursor.key());
                if (at.main() > compactRevision) {
                    break;
                }
                if (looked++ == entriesMax) {
                    return new Step(changes, cursor.key());
                }
                byte[] userKey = MvccReader.parse(cursor.value()).getKey().toByteArray();
                deletePredecessor(history, userKey, at, doomed);
                if (Revision.isTombstone(cursor.key())) {
                    doomed.add(userKey, at, true);
                }
            }
        }
        changes.add(StoreState.deletedUpToChange(compactRevision));
        return new Step(changes, null);
    }

    /** The version just before; those before it went, or go, when this stretch reached it. */
    private static void deletePredecessor(
            Backend.Cursor history, byte[] userKey, Revision at, Doomed doomed) {
        boolean on = history.seek(HistoryKey.of(userKey, at)) && history.next();
        if (on && Arrays.equals(HistoryKey.userKey(history.key()), userKey)) {
            Revision older = HistoryKey.revision(history.key());
            doomed.add(userKey, older, !HistoryKey.isPut(history.value()));
        }
    }

    private record Doomed(long compactRevision, List<Backend.Change> changes) {
        void add(byte[] userKey, Revision at, boolean tombstone) {
            if (at.main() < compactRevision) {
                byte[] key = tombstone ? at.tombstoneKey() : at.key();
                changes.add(new Backend.Change(Space.HISTORY, HistoryKey.of(userKey, at), null));
                changes.add(new Backend.Change(Space.REVISION, key, null));
            }
        }
    }
}
