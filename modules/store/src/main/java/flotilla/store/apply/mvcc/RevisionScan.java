package flotilla.store.apply.mvcc;

import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the history in the order it happened, for watchers that catch up. */
public final class RevisionScan {
    private final List<Commit> commits = new ArrayList<>();
    private List<KeyChange> changes = new ArrayList<>();
    private long main;

    private RevisionScan() {}

    /**
     * A stretch of history.
     *
     * @param compactRevision nothing before it was read: a reader that needs that has lost it
     * @param commits in order; whole ones, but for the first and the last of a stretch that begins
     *     or ends inside a revision
     * @param next where to go on: everything before it, from where was asked, is in here
     */
    public record Page(long compactRevision, List<Commit> commits, Revision next) {
        public Page {
            commits = List.copyOf(commits);
        }
    }

    /**
     * How much to read.
     *
     * @param from first change wanted
     * @param to last revision wanted; at most the newest there is
     * @param bytesMax stop after the revision that goes past it
     * @param revisionBytesMax stop inside a revision that is larger than that
     */
    public record Extent(Revision from, long to, int bytesMax, int revisionBytesMax) {}

    public static Page read(MvccReader reader, Extent extent) {
        long last = Math.min(extent.to(), reader.revision());
        Revision oldest = Revision.first(Math.max(reader.compactRevision(), 0));
        Revision from = extent.from().compareTo(oldest) < 0 ? oldest : extent.from();
        RevisionScan scan = new RevisionScan();
        try (Backend.Cursor cursor = reader.view().cursor(Space.REVISION)) {
            return new Page(
                    reader.compactRevision(), scan.commits, scan.read(cursor, from, extent, last));
        }
    }

    /** Gathers commits, and returns where to go on. */
    private Revision read(Backend.Cursor cursor, Revision from, Extent extent, long last) {
        long bytes = 0;
        long revisionBytes = 0;
        for (boolean on = cursor.seek(from.key()); on; on = cursor.next()) {
            Revision at = Revision.ofKey(cursor.key());
            if (at.main() != main) {
                endCommit(true);
                if (bytes >= extent.bytesMax()) {
                    return Revision.first(main + 1);
                }
                revisionBytes = 0;
            }
            if (at.main() > last) {
                break;
            }
            main = at.main();
            KeyChange change = change(cursor, at);
            changes.add(change);
            bytes += change.size();
            revisionBytes += change.size();
            if (revisionBytes >= extent.revisionBytesMax()) {
                endCommit(false);
                return at.next();
            }
        }
        endCommit(true);
        return Revision.first(last + 1);
    }

    private void endCommit(boolean whole) {
        if (!changes.isEmpty()) {
            commits.add(new Commit(main, changes, whole));
            changes = new ArrayList<>();
        }
    }

    private static KeyChange change(Backend.Cursor cursor, Revision at) {
        KeyValue kv = MvccReader.parse(cursor.value());
        return Revision.isTombstone(cursor.key())
                ? new KeyChange(
                        Event.EventType.DELETE,
                        kv.toBuilder().setModRevision(at.main()).build(),
                        at.sub())
                : new KeyChange(Event.EventType.PUT, kv, at.sub());
    }

    /** What a key was before a change of it; null when it wasn't, or that was compacted. */
    public static @Nullable KeyValue previous(MvccReader reader, KeyChange change) {
        long before = change.at().main() - 1;
        return change.hasPrevious() && before >= reader.compactRevision()
                ? reader.at(change.key(), before)
                : null;
    }
}
