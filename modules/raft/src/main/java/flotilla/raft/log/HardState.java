package flotilla.raft.log;

/**
 * What a member must find again after a crash, beside its entries (raftpb.HardState; thesis 3.8).
 * Term and vote are on disk before anything that depends on them is sent. The commit index is a
 * hint: it may be lost, and is learnt again.
 *
 * @param term the latest term seen; 0 before the first
 * @param vote whom this member voted for in that term; 0 for nobody
 * @param commit the highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {
    /** Of a member that has never run. */
    public static final HardState NONE = new HardState(0, 0, 0);

    public HardState {
        if (term < 0 || commit < 0) {
            throw new IllegalArgumentException("negative term " + term + " or commit " + commit);
        }
    }

    /**
     * Whether going from {@code before} to this needs an fsync: a new commit index alone does not.
     */
    public boolean needsSyncAfter(HardState before) {
        return term != before.term || vote != before.vote;
    }
}
