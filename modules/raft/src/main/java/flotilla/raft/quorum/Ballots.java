package flotilla.raft.quorum;

import java.util.HashMap;
import java.util.Map;

/**
 * The votes of one campaign. A voter's first answer counts; repeated ones change nothing (raft.md
 * scenario 7: duplicates counted twice elected two leaders). A new campaign takes a new box.
 */
public final class Ballots {
    private final Map<Long, Vote> votes = new HashMap<>();

    /** Counts a voter's answer, if it is its first. */
    public void cast(long voter, boolean granted) {
        votes.putIfAbsent(voter, granted ? Vote.GRANTED : Vote.REFUSED);
    }

    /** What they decide. Answers of members that don't vote are kept and don't count. */
    public Verdict verdict(Quorum quorum) {
        return quorum.verdict(voter -> votes.getOrDefault(voter, Vote.MISSING));
    }
}
