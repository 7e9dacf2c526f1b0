package flotilla.raft;

import flotilla.raft.message.Message;

/**
 * What a member is, and what it becomes. Each method returns the role afterwards: itself, or what
 * the table of its class says.
 *
 * <pre>
 * Follower      follows a leader or waits for one; a learner is one that never stands
 * PreCandidate  asks whether it would be elected, without disturbing anybody (thesis 9.6)
 * Candidate     asks to be elected (3.4)
 * Leader        (3.5 to 3.7, 6.4)
 *
 * from          to            because
 * any           Follower      a message of a higher term that is no pre-vote
 * Follower      PreCandidate  election timeout, and it may stand
 * Follower      Candidate     the leader hands over to it (3.10)
 * PreCandidate  Candidate     a quorum would elect it
 * PreCandidate  Follower      a quorum would not, or the leader of this term is heard
 * PreCandidate  PreCandidate  election timeout: it asks again
 * Candidate     Leader        a quorum elected it, its own vote on its own disk
 * Candidate     Follower      a quorum did not, or the leader of this term is heard
 * Candidate     PreCandidate  election timeout: nobody was elected
 * Leader        Follower      it hears no quorum, its disk hangs, or it was removed
 * </pre>
 *
 * Candidates of both kinds are {@link Candidate}s. A member that restarts is a follower, whatever
 * it was (raft.md scenario 66).
 */
sealed interface Role permits Follower, Candidate, Leader {
    Standing.Kind kind();

    /** A tick has passed. */
    Role tick();

    /** A message of this member's term, or without a term. */
    Role receive(Message message);

    /**
     * Does what now can be done: all inputs of the step are in, and the disk may have come further.
     */
    Role settle();

    /** What a proposer, a reader or somebody who wants another leader gets to hear. */
    Requests requests();

    /** The role ends: whatever it promised to answer is answered. */
    void end();

    /** What members ask of whoever leads. */
    interface Requests {
        Outcome propose(Input.Propose proposal);

        Outcome proposeChange(Input.ProposeChange proposal);

        Outcome transfer(long to);

        /**
         * @param from who asks; this member itself for its own clients
         */
        void read(long from, long id);
    }
}
