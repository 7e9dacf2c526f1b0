package flotilla.raft;

/**
 * Where a member stands.
 *
 * @param leader who leads in this term; 0 if unknown
 */
public record Standing(Kind kind, long term, long leader) {
    /** The roles (thesis 3.3; the pre-candidate 9.6). A learner is a follower that never stands. */
    public enum Kind {
        FOLLOWER,
        PRE_CANDIDATE,
        CANDIDATE,
        LEADER
    }
}
