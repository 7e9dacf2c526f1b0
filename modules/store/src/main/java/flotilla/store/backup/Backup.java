package flotilla.store.backup;

import com.google.protobuf.CodedOutputStream;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.lease.LeaseBook;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.mvcc.StoreState;
import flotilla.store.backup.BoltFile.Bucket;
import flotilla.store.backup.BoltFile.Pairs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What etcd's snapshot of a member holds: keys with their history, and leases. Members, alarms and
 * sessions are left out, for whoever restores it makes a new cluster of it, as with etcd's own.
 */
public final class Backup {
    private Backup() {}

    /** The database of the state that a view shows; the view must be open while it is written. */
    public static BoltFile of(Backend.View view) {
        return new BoltFile(
                List.of(
                        new Bucket("key", to -> copyKeys(view, to)),
                        new Bucket("lease", to -> copyLeases(view, to)),
                        new Bucket("members", Pairs.NONE),
                        new Bucket("members_removed", Pairs.NONE),
                        new Bucket("meta", to -> tellState(view.state(), to))));
    }

    /** They lie as in etcd, byte for byte; also what is compacted and yet to be deleted. */
    private static void copyKeys(Backend.View view, BoltFile.Writer to) {
        try (Backend.Cursor cursor = view.cursor(Space.REVISION)) {
            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                to.put(cursor.key(), cursor.value());
            }
        }
    }

    private static void copyLeases(Backend.View view, BoltFile.Writer to) {
        LeaseBook.forEach(view, lease -> to.put(big(lease.id()), encoded(lease)));
    }

    /** As leasepb.Lease: id, granted TTL. Each lives anew after a restore, as in etcd. */
    private static byte[] encoded(Lease lease) {
        int length =
                CodedOutputStream.computeInt64Size(1, lease.id())
                        + CodedOutputStream.computeInt64Size(2, lease.grantedTtlSeconds());
        byte[] bytes = new byte[length];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeInt64(1, lease.id());
            out.writeInt64(2, lease.grantedTtlSeconds());
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("write a lease to memory", e);
        }
        return bytes;
    }

    /** Compaction counts as done: etcd asks no more than that nothing below it is read. */
    private static void tellState(StoreState state, BoltFile.Writer to) {
        to.put(ascii("consistent_index"), big(state.appliedIndex()));
        if (state.compactRevision() > 0) {
            byte[] compacted = Revision.first(state.compactRevision()).key();
            to.put(ascii("finishedCompactRev"), compacted);
            to.put(ascii("scheduledCompactRev"), compacted);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] big(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
