package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * etcd's checksum over all that the history up to a revision holds, byte for byte (its {@code
 * hashByRev}): equal on all members whose data is equal, whether or not they have got round to
 * deleting what was compacted.
 */
public final class HashKv {
    private static final byte[] BUCKET = "key".getBytes(StandardCharsets.US_ASCII);
    private static final KeyRange EVERYTHING = new KeyRange(ByteString.EMPTY, null);

    private HashKv() {}

    /**
     * @param revision up to which to hash, itself included; 0 for the newest. Throws {@link
     *     EtcdException} FUTURE_REVISION or COMPACTED: as etcd's, also where that revision is the
     *     very one that was compacted, though all that it showed is there.
     */
    public static int of(MvccReader reader, long revision) {
        if (revision > 0 && revision <= reader.compactRevision()) {
            throw new EtcdException(EtcdError.COMPACTED);
        }
        reader.checkRevision(revision);
        return upTo(reader, revision <= 0 ? reader.revision() : revision);
    }

    /**
     * @param upTo itself included; from the compacted revision to the newest
     */
    public static int upTo(MvccReader reader, long upTo) {
        // What compaction left is counted only while it is still visible at the revision hashed;
        // but when nothing at all is visible there, etcd counts everything that was left.
        long visibleAt = isAnyVisible(reader, upTo) ? upTo : reader.compactRevision();
        CRC32C crc = new CRC32C();
        crc.update(BUCKET);
        try (Backend.Cursor cursor = reader.view().cursor(Space.REVISION)) {
            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                byte[] key = cursor.key();
                long main = Revision.ofKey(key).main();
                if (main > upTo) {
                    break;
                }
                if (main > reader.compactRevision() || isVisible(reader, cursor, visibleAt)) {
                    crc.update(key);
                    crc.update(cursor.value());
                }
            }
        }
        return (int) crc.getValue();
    }

    private static boolean isAnyVisible(MvccReader reader, long at) {
        AnyKey any = new AnyKey();
        reader.walk(EVERYTHING, at, any);
        return any.found;
    }

    private static final class AnyKey implements MvccReader.Visitor {
        private boolean found;

        @Override
        public boolean visit(Found first) {
            found = true;
            return false;
        }
    }

    private static boolean isVisible(MvccReader reader, Backend.Cursor cursor, long at) {
        if (Revision.isTombstone(cursor.key())) {
            return false;
        }
        var stored = MvccReader.parse(cursor.value());
        KeyHead visible = reader.headAt(stored.getKey(), at);
        return visible != null && visible.at().main() == stored.getModRevision();
    }
}
