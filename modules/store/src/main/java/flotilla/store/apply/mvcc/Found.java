package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A key that a walk came by; to be asked only during the visit. What isn't asked isn't read. */
public final class Found {
    private final MvccReader reader;
    private final byte[] key;
    private final Supplier<byte[]> stored;
    private @Nullable KeyHead head;

    /**
     * @param stored loads its encoded head
     */
    Found(MvccReader reader, byte[] key, Supplier<byte[]> stored) {
        this.reader = reader;
        this.key = key;
        this.stored = stored;
    }

    public KeyHead head() {
        KeyHead known = head;
        if (known == null) {
            known = KeyHead.decode(stored.get());
            head = known;
        }
        return known;
    }

    /** Without its value. */
    public KeyValue bare() {
        return head().of(ByteString.copyFrom(key)).build();
    }

    /** With its value, which is read for it. */
    public KeyValue whole() {
        return reader.load(head());
    }
}
