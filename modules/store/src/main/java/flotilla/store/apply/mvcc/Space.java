package flotilla.store.apply.mvcc;

/**
 * The ordered key spaces that hold the store. A value is written once, in {@link #REVISION}: which
 * keys there are now is a lookup or a scan in {@link #LATEST}, which there were is a seek in {@link
 * #HISTORY}, and neither holds values. A watch that catches up scans {@link #REVISION}. Nothing is
 * indexed in memory, so memory doesn't grow with keys or with history.
 */
public enum Space {
    /** {@link StoreState}, how far compaction has got, who decides, and the feature level. */
    META(0),
    /** User key -> its present {@link KeyHead}; deleted keys are absent. */
    LATEST(1),
    /** {@link HistoryKey} -> the {@link KeyHead} that was put, or {@link HistoryKey#DELETED}. */
    HISTORY(2),
    /** {@link Revision} key, etcd's own form -> KeyValue; of a deletion, one with the key alone. */
    REVISION(3),
    /** Lease id, 8 bytes -> granted and remaining seconds. */
    LEASE(4),
    /** Lease id, 8 bytes, then a user key attached to it -> nothing. */
    LEASE_KEY(5),
    /** Member id, 8 bytes -> etcd's Member message. */
    MEMBER(6),
    /** Id of a member that was removed, 8 bytes -> nothing. */
    MEMBER_REMOVED(7),
    /** Id of who proposes, 8 bytes -> which of its batches were seen. */
    SESSION(8),
    /** Member id, 8 bytes, and the kind of its alarm, 4 bytes -> nothing. */
    ALARM(9),
    /** Member id, 8 bytes -> up to which feature level its program reads, 4 bytes. */
    MEMBER_READS(10);

    private final byte tag;

    Space(int tag) {
        this.tag = (byte) tag;
    }

    /** The byte that sets this space apart where all spaces share one order. Never changes. */
    public byte tag() {
        return tag;
    }

    public static Space ofTag(byte tag) {
        for (Space space : values()) {
            if (space.tag == tag) {
                return space;
            }
        }
        throw new IllegalArgumentException("no space has the tag " + tag);
    }
}
