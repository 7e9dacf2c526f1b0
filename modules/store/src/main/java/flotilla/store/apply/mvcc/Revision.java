package flotilla.store.apply.mvcc;

import java.nio.ByteBuffer;

/**
 * When a change happened: all changes of one write share {@code main}, {@code sub} orders them. As
 * a key it has etcd's own form (8 bytes main, {@code _}, 8 bytes sub, {@code t} for a deletion),
 * because HashKV covers those bytes.
 */
public record Revision(long main, long sub) implements Comparable<Revision> {
    private static final int LENGTH = 17;
    private static final byte SEPARATOR = '_';
    private static final byte TOMBSTONE = 't';

    /** The first change of a revision. */
    public static Revision first(long main) {
        return new Revision(main, 0);
    }

    /** The place behind. */
    public Revision next() {
        return new Revision(main, sub + 1);
    }

    /** Whether a revision begins here. */
    public boolean isFirst() {
        return sub == 0;
    }

    @Override
    public int compareTo(Revision other) {
        return main != other.main ? Long.compare(main, other.main) : Long.compare(sub, other.sub);
    }

    public byte[] key() {
        return encode(LENGTH);
    }

    public byte[] tombstoneKey() {
        byte[] key = encode(LENGTH + 1);
        key[LENGTH] = TOMBSTONE;
        return key;
    }

    private byte[] encode(int length) {
        byte[] key = new byte[length];
        ByteBuffer.wrap(key).putLong(main).put(SEPARATOR).putLong(sub);
        return key;
    }

    public static Revision ofKey(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key);
        return new Revision(buffer.getLong(), buffer.getLong(Long.BYTES + 1));
    }

    public static boolean isTombstone(byte[] key) {
        return key.length > LENGTH;
    }
}
