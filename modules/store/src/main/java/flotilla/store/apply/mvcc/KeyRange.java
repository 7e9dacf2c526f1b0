package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Keys from {@code start} up to, not including, {@code end}.
 *
 * @param end null when nothing bounds it
 */
public record KeyRange(ByteString start, @Nullable ByteString end) {
    /** How etcd orders keys: bytes, unsigned. */
    public static final Comparator<ByteString> ORDER =
            ByteString.unsignedLexicographicalComparator();

    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    /** As a request says it: no range end means one key, a single zero byte means no bound. */
    public static KeyRange of(ByteString key, ByteString rangeEnd) {
        if (rangeEnd.isEmpty()) {
            return new KeyRange(key, key.concat(ZERO));
        }
        return new KeyRange(key, rangeEnd.equals(ZERO) ? null : rangeEnd);
    }

    /** The keys that begin with these bytes. */
    public static KeyRange prefix(ByteString prefix) {
        for (int last = prefix.size() - 1; last >= 0; last--) {
            byte before = prefix.byteAt(last);
            if (before != (byte) 0xff) {
                byte[] next = {(byte) (before + 1)};
                return new KeyRange(
                        prefix, prefix.substring(0, last).concat(ByteString.copyFrom(next)));
            }
        }
        return new KeyRange(prefix, null);
    }

    /** What of it comes after a key of it. */
    KeyRange after(ByteString key) {
        return new KeyRange(key.concat(ZERO), end);
    }

    public boolean isEmpty() {
        return end != null && ORDER.compare(end, start) <= 0;
    }

    public boolean isSingleKey() {
        return end != null
                && end.size() == start.size() + 1
                && end.byteAt(start.size()) == 0
                && end.startsWith(start);
    }

    /** Whether it holds exactly the keys that begin with {@link #start}. */
    public boolean isPrefix() {
        if (end == null || end.size() > start.size() || end.isEmpty()) {
            return false;
        }
        int last = end.size() - 1;
        for (int i = last + 1; i < start.size(); i++) {
            if (start.byteAt(i) != (byte) 0xff) {
                return false;
            }
        }
        return start.byteAt(last) != (byte) 0xff
                && end.byteAt(last) == (byte) (start.byteAt(last) + 1)
                && start.substring(0, last).equals(end.substring(0, last));
    }

    /** Whether some key may be in both. */
    public boolean intersects(KeyRange other) {
        return !isEmpty() && !other.isEmpty() && beginsIn(other) && other.beginsIn(this);
    }

    private boolean beginsIn(KeyRange other) {
        return other.end == null || ORDER.compare(start, other.end) < 0;
    }

    public boolean contains(ByteString key) {
        return ORDER.compare(start, key) <= 0 && (end == null || ORDER.compare(key, end) < 0);
    }
}
