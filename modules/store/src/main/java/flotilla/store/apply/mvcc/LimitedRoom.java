package flotilla.store.apply.mvcc;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;

/** Room up to a limit that depends on nothing else. */
public final class LimitedRoom implements AnswerRoom {
    private final long bytesMax;
    private final EtcdError refusal;
    private long taken;

    /**
     * @param bytesMax with 0 there is room for nothing at all
     * @param refusal what whoever asks for more is told
     */
    public LimitedRoom(long bytesMax, EtcdError refusal) {
        this.bytesMax = bytesMax;
        this.refusal = refusal;
    }

    /** For what is small whatever it is asked. */
    public static LimitedRoom unlimited() {
        return new LimitedRoom(Long.MAX_VALUE, EtcdError.ANSWER_TOO_LARGE);
    }

    @Override
    public void take(long bytes) {
        boolean first = taken == 0 && bytesMax > 0;
        if (!first && taken + bytes > bytesMax) {
            throw new EtcdException(refusal);
        }
        taken += bytes;
    }

    @Override
    public void giveBack(long bytes) {
        taken -= bytes;
    }

    /** In bytes. */
    public long taken() {
        return taken;
    }
}
