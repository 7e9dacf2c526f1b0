package flotilla.raft;

/**
 * What became of a {@link Input.Propose}, {@link Input.ProposeChange} or {@link Input.Transfer}.
 */
public sealed interface Outcome {
    /**
     * Appended to the leader's log. Committed once an entry of this index <em>and term</em> is; if
     * another comes to stand at the index, it was lost.
     */
    record Appended(long first, long last, long term) implements Outcome {}

    /** The transfer is under way; it ends with another leader or after an election timeout. */
    record Started() implements Outcome {}

    /**
     * Certainly not appended and never will be: may be proposed anew, to whoever leads.
     *
     * @param leader who leads, as far as this member knows; 0 for nobody
     * @param detail for a person
     */
    record Refused(Why why, long leader, String detail) implements Outcome {}

    /** What the proposer can do about it. */
    enum Why {
        /** Ask the leader, if there is one. */
        NOT_LEADER,
        /** Ask again after the transfer. */
        TRANSFERRING,
        /** This leader was removed and is about to go: ask again. */
        LEAVING,
        /** Too much is waiting to be committed: ask again, later. */
        BUSY,
        /** One change at a time: ask again when the one before is applied. */
        CHANGE_PENDING,
        /** It makes no sense; asking again doesn't help. */
        INVALID
    }
}
