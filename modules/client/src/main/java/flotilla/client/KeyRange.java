package flotilla.client;

import com.google.protobuf.ByteString;

/**
 * The keys from {@code key} up to but without {@code end}, in etcd's notation: an empty end means
 * the one key, a single zero byte all keys from {@code key} on.
 */
public record KeyRange(ByteString key, ByteString end) {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    public static KeyRange key(String key) {
        return key(ByteString.copyFromUtf8(key));
    }

    public static KeyRange key(ByteString key) {
        return new KeyRange(key, ByteString.EMPTY);
    }

    public static KeyRange prefix(String prefix) {
        return prefix(ByteString.copyFromUtf8(prefix));
    }

    /** All keys that begin so; the empty prefix is every key. */
    public static KeyRange prefix(ByteString prefix) {
        return prefix.isEmpty() ? new KeyRange(ZERO, ZERO) : new KeyRange(prefix, after(prefix));
    }

    /** The least key greater than all that begin with the prefix. */
    private static ByteString after(ByteString prefix) {
        for (int last = prefix.size() - 1; last >= 0; last--) {
            int value = prefix.byteAt(last) & 0xff;
            if (value < 0xff) {
                byte[] end = prefix.substring(0, last + 1).toByteArray();
                end[last] = (byte) (value + 1);
                return ByteString.copyFrom(end);
            }
        }
        return ZERO;
    }
}
