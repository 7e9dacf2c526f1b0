package flotilla.store.apply.mvcc;

import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import java.util.ArrayList;
import java.util.List;

/** Reads the history in the order it happened, for watchers that catch up. */
public final class RevisionScan {
    private RevisionScan() {}

    /**
     * A stretch of history.
     *
     * @param compactRevision nothing before it was read: a reader that needs that has lost it
     * @param commits whole revisions, in order
     * @param next where to go on: all revisions below it, from where was asked, are in here
     */
    public record Page(long compactRevision, List<Commit> commits, long next) {
        public Page {
            commits = List.copyOf(commits);
        }
    }

    /**
     * How much to read.
     *
     * @param from first revision wanted
     * @param to last revision wanted; at most the newest there is
     * @param bytesMax stop after the revision that goes past it
     * @param withPrevious whether changes carry what was before them (a lookup each)
     */
    public record Extent(long from, long to, int bytesMax, boolean withPrevious) {}

    public static Page read(MvccReader reader, Extent extent) {
        long last = Math.min(extent.to(), reader.revision());
        long from = Math.max(extent.from(), reader.compactRevision());
        List<Commit> commits = new ArrayList<>();
        List<KeyChange> changes = new ArrayList<>();
        long main = 0;
        long bytes = 0;
        try (Backend.Cursor cursor = reader.view().cursor(Space.REVISION)) {
            boolean on = cursor.seek(new Revision(Math.max(from, 0), 0).key());
            for (; on; on = cursor.next()) {
                Revision at = Revision.ofKey(cursor.key());
                if (at.main() != main && !changes.isEmpty()) {
                    commits.add(new Commit(main, changes));
                    changes = new ArrayList<>();
                    if (bytes >= extent.bytesMax()) {
                        return new Page(reader.compactRevision(), commits, main + 1);
                    }
                }
                if (at.main() > last) {
                    break;
                }
                main = at.main();
                KeyChange change = change(reader, cursor, extent.withPrevious());
                bytes += change.size();
                changes.add(change);
            }
        }
        if (!changes.isEmpty()) {
            commits.add(new Commit(main, changes));
        }
        return new Page(reader.compactRevision(), commits, last + 1);
    }

    private static KeyChange change(
            MvccReader reader, Backend.Cursor cursor, boolean withPrevious) {
        byte[] key = cursor.key();
        long main = Revision.ofKey(key).main();
        KeyValue kv = MvccReader.parse(cursor.value());
        boolean deleted = Revision.isTombstone(key);
        if (deleted) {
            kv = kv.toBuilder().setModRevision(main).build();
        }
        boolean had = deleted || kv.getCreateRevision() != main;
        boolean known = main - 1 >= reader.compactRevision();
        return new KeyChange(
                deleted ? Event.EventType.DELETE : Event.EventType.PUT,
                kv,
                withPrevious && had && known ? reader.at(kv.getKey(), main - 1) : null);
    }
}
