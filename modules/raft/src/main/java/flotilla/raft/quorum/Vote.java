package flotilla.raft.quorum;

/** What one voter has said. */
public enum Vote {
    GRANTED,
    REFUSED,
    MISSING
}
