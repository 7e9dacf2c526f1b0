package flotilla.store.apply.mvcc;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of {@link Space#HISTORY}: a user key, then the revision counted downwards, so that the first
 * entry at or after (key, r) is the newest version of the key not after r. The user key is escaped
 * (00 as 00 FF, its end as 00 01): no key is a prefix of another and their order is kept.
 */
final class HistoryKey {
    /** What a deletion holds; a put holds its {@link KeyHead}. */
    static final byte[] DELETED = {};

    private static final byte ESCAPED_ZERO = (byte) 0xff;
    private static final byte END = 1;
    private static final int REVISION_LENGTH = 2 * Long.BYTES;

    private HistoryKey() {}

    static byte[] of(byte[] userKey, Revision revision) {
        byte[] key = escaped(userKey, REVISION_LENGTH);
        ByteBuffer.wrap(key, key.length - REVISION_LENGTH, REVISION_LENGTH)
                .putLong(~revision.main())
                .putLong(~revision.sub());
        return key;
    }

    /**
     * Sorts before every version of a key made at {@code main} or earlier, after all later ones.
     */
    static byte[] newestAt(byte[] userKey, long main) {
        return of(userKey, new Revision(main, Long.MAX_VALUE));
    }

    /** Sorts after all versions of a key, before those of the next. */
    static byte[] afterAll(byte[] userKey) {
        byte[] key = escaped(userKey, REVISION_LENGTH + 1);
        Arrays.fill(key, key.length - REVISION_LENGTH - 1, key.length, (byte) 0xff);
        return key;
    }

    /** The escaped key and its end, with room for so many bytes behind. */
    private static byte[] escaped(byte[] userKey, int room) {
        int zeros = 0;
        for (byte b : userKey) {
            zeros += b == 0 ? 1 : 0;
        }
        byte[] escaped = new byte[userKey.length + zeros + 2 + room];
        int used = 0;
        for (byte b : userKey) {
            escaped[used++] = b;
            if (b == 0) {
                escaped[used++] = ESCAPED_ZERO;
            }
        }
        escaped[used + 1] = END;
        return escaped;
    }

    static byte[] userKey(byte[] key) {
        int length = key.length - REVISION_LENGTH - 2;
        byte[] plain = new byte[length];
        int used = 0;
        for (int i = 0; i < length; i++) {
            plain[used++] = key[i];
            if (key[i] == 0) {
                i++;
            }
        }
        return used == length ? plain : Arrays.copyOf(plain, used);
    }

    static Revision revision(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key, key.length - REVISION_LENGTH, REVISION_LENGTH);
        return new Revision(~buffer.getLong(), ~buffer.getLong());
    }

    static boolean isPut(byte[] value) {
        return value.length > 0;
    }
}
