package flotilla.store.log;

/**
 * A member's view of the cluster at one moment.
 *
 * @param memberId this member
 * @param leaderId the leader it knows of; 0 when it knows of none
 * @param term the current Raft term
 * @param committedIndex index of the last entry known to be on a majority
 * @param appliedIndex index of the last entry applied here
 * @param learner whether this member gets the log and decides nothing
 */
public record RaftStatus(
        long memberId,
        long leaderId,
        long term,
        long committedIndex,
        long appliedIndex,
        boolean learner) {
    public boolean hasLeader() {
        return leaderId != 0;
    }

    public boolean isLeader() {
        return leaderId == memberId;
    }
}
