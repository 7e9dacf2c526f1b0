package flotilla.raft.quorum;

import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Who must agree: a majority of the voters and, while the configuration is joint, one of the
 * outgoing voters too (thesis 4.3). Everything that asks for a quorum asks here: elections, commit,
 * reads, and the leader's check that it is still heard. One that used a rule of its own would be
 * wrong in a joint configuration.
 */
public final class Quorum {
    private final Majority voters;
    private final Majority outgoing;

    /**
     * @param voters must not be empty for a decision to mean anything
     * @param outgoing empty unless joint
     */
    public Quorum(List<Long> voters, List<Long> outgoing) {
        this.voters = new Majority(voters);
        this.outgoing = new Majority(outgoing);
    }

    /** The highest value that a quorum has reached. */
    public long reached(LongUnaryOperator reached) {
        return Math.min(voters.reached(reached), outgoing.reached(reached));
    }

    /** What the votes decide. */
    public Verdict verdict(LongFunction<Vote> voteOf) {
        Verdict one = voters.verdict(voteOf);
        Verdict two = outgoing.verdict(voteOf);
        if (one == two) {
            return one;
        }
        return one == Verdict.LOST || two == Verdict.LOST ? Verdict.LOST : Verdict.PENDING;
    }

    /** Whether the member votes, in whichever half. */
    public boolean has(long member) {
        return voters.has(member) || outgoing.has(member);
    }
}
