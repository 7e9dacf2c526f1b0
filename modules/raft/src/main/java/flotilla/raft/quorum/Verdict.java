package flotilla.raft.quorum;

/** What the votes so far decide. */
public enum Verdict {
    WON,
    /** Cannot be won any more, whatever the rest says. */
    LOST,
    PENDING
}
