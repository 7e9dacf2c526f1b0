package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Keys, ranges and values the generator draws from: few enough to meet again, with prefixes of one
 * another, bytes at both ends of the order, and the range ends that etcd gives a meaning.
 */
final class Keys {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});
    private static final ByteString LAST = ByteString.copyFrom(new byte[] {(byte) 0xff});
    private static final List<ByteString> ODD =
            List.of(
                    ZERO,
                    LAST,
                    ByteString.copyFrom(new byte[] {'a', 0}),
                    ByteString.copyFrom(new byte[] {'a', (byte) 0xff}),
                    ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xff}),
                    ByteString.copyFromUtf8("ключ"));

    private static final int BRANCHES = 4;
    private static final int LEAVES = 6;
    private static final int LONG_VALUE = 40;

    private final RandomGenerator random;

    Keys(RandomGenerator random) {
        this.random = random;
    }

    ByteString key() {
        return switch (random.nextInt(20)) {
            case 0 -> pick(ODD);
            case 1 ->
                    ByteString.copyFromUtf8(
                            String.valueOf((char) ('a' + random.nextInt(BRANCHES))));
            default -> ordinary();
        };
    }

    /** Now and then no key at all, which every request refuses. */
    ByteString keyOrNone() {
        return random.nextInt(60) == 0 ? ByteString.EMPTY : key();
    }

    private ByteString ordinary() {
        return ByteString.copyFromUtf8(
                (char) ('a' + random.nextInt(BRANCHES)) + "/" + random.nextInt(LEAVES));
    }

    /** A range end: none, a prefix's, "from key", or any key, also one before the start. */
    ByteString rangeEnd(ByteString key) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> ByteString.EMPTY;
            case 3, 4 -> prefixEnd(key);
            case 5 -> ZERO;
            default -> key();
        };
    }

    ByteString branch() {
        return ByteString.copyFromUtf8(String.valueOf((char) ('a' + random.nextInt(BRANCHES))));
    }

    static ByteString prefixEnd(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (prefix.byteAt(i) != (byte) 0xff) {
                byte[] next = {(byte) (prefix.byteAt(i) + 1)};
                return prefix.substring(0, i).concat(ByteString.copyFrom(next));
            }
        }
        return ZERO;
    }

    ByteString value() {
        return switch (random.nextInt(12)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> bytes(random.nextInt(LONG_VALUE));
            default -> ByteString.copyFromUtf8("v" + random.nextInt(6));
        };
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
