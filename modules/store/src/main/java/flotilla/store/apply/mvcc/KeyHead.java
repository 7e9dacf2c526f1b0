package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What there is to say of one version of a key but its value: enough to count, page, filter, sort
 * and delete without reading values.
 *
 * @param at when it was put, and under which revision its value lies
 * @param createRevision when the key came to be
 * @param version how often it was put since
 * @param lease 0 for none
 */
public record KeyHead(Revision at, long createRevision, long version, long lease) {
    /** Bytes of the longest number, 7 bits in each. */
    private static final int NUMBER_MAX = 10;

    /** As it lies in {@link Space#LATEST} and {@link Space#HISTORY}: five varints; never empty. */
    byte[] encode() {
        long[] fields = {at.main(), at.sub(), createRevision, version, lease};
        ByteBuffer out = ByteBuffer.allocate(fields.length * NUMBER_MAX);
        for (long field : fields) {
            long rest = field;
            while ((rest & ~0x7FL) != 0) {
                out.put((byte) (rest | 0x80));
                rest >>>= 7;
            }
            out.put((byte) rest);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    static KeyHead decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Revision at = new Revision(number(in), number(in));
            return new KeyHead(at, number(in), number(in), number(in));
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("a stored key is damaged: it ends too soon", e);
        }
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalStateException("a stored key is damaged: a number has no end");
    }

    /** As etcd tells it where values aren't asked for. */
    KeyValue.Builder of(ByteString key) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setCreateRevision(createRevision)
                .setModRevision(at.main())
                .setVersion(version)
                .setLease(lease);
    }
}
