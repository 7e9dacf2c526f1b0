package flotilla.store.apply.mvcc;

import flotilla.protocol.KeyValue;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;

/**
 * How much an answer may hold. Whoever gathers one takes room for each piece before it is kept, so
 * an answer that is too large is refused while it still is small.
 */
public final class AnswerRoom {
    /** What a key-value takes in memory beside its bytes, in bytes, about. */
    public static final long OVERHEAD_BYTES = 160;

    private final long bytesMax;
    private final EtcdError refusal;
    private long taken;

    /**
     * @param bytesMax with 0 there is room for nothing at all
     * @param refusal what whoever asks for more is told
     */
    public AnswerRoom(long bytesMax, EtcdError refusal) {
        this.bytesMax = bytesMax;
        this.refusal = refusal;
    }

    /** For what is small whatever it is asked. */
    public static AnswerRoom unlimited() {
        return new AnswerRoom(Long.MAX_VALUE, EtcdError.ANSWER_TOO_LARGE);
    }

    /** What a key-value takes, in bytes. */
    public static long bytes(KeyValue kv) {
        return OVERHEAD_BYTES + kv.getSerializedSize();
    }

    /** The first piece always has room: it has been here before, as a request. */
    public void take(long bytes) {
        boolean first = taken == 0 && bytesMax > 0;
        if (!first && taken + bytes > bytesMax) {
            throw new EtcdException(refusal);
        }
        taken += bytes;
    }

    /** A piece was let go of. */
    public void giveBack(long bytes) {
        taken -= bytes;
    }

    /** In bytes. */
    public long taken() {
        return taken;
    }
}
