package flotilla.store.apply.mvcc;

import flotilla.protocol.KeyValue;

/**
 * How much an answer may hold. Whoever gathers one takes room for each piece before it is kept, so
 * an answer that is too large is refused while it still is small.
 */
public interface AnswerRoom {
    /** What a key-value takes in memory beside its bytes, in bytes, about. */
    long OVERHEAD_BYTES = 160;

    /** What a key-value takes, in bytes. */
    static long bytes(KeyValue kv) {
        return OVERHEAD_BYTES + kv.getSerializedSize();
    }

    /**
     * Takes room for a piece, or throws an {@link flotilla.store.apply.refusal.EtcdException}. The
     * first piece is refused for its size by nobody: it has been here before, as a request.
     */
    void take(long bytes);

    /** A piece was let go of. */
    void giveBack(long bytes);
}
