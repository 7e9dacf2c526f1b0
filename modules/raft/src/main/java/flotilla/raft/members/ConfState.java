package flotilla.raft.members;

import java.util.Arrays;
import java.util.List;

/**
 * The members of the group (raftpb.ConfState). While {@code votersOutgoing} is not empty the
 * configuration is joint: a decision needs a majority of the voters <em>and</em> one of the
 * outgoing voters (thesis 4.3).
 *
 * <p>Lists are kept in ascending order (of unsigned numbers, as etcd shows them) and without
 * duplicates, so equal configurations are equal values.
 *
 * @param voters who decides; those to come if joint
 * @param learners who gets the log and decides nothing
 * @param votersOutgoing who decided until now; empty unless joint
 * @param learnersNext outgoing voters that become learners when the joint configuration is left
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
public record ConfState(
        List<Long> voters,
        List<Long> learners,
        List<Long> votersOutgoing,
        List<Long> learnersNext,
        boolean autoLeave) {
    public ConfState {
        voters = ordered(voters);
        learners = ordered(learners);
        votersOutgoing = ordered(votersOutgoing);
        learnersNext = ordered(learnersNext);
    }

    /** A configuration of voters alone. */
    public static ConfState of(long... voters) {
        return new ConfState(
                Arrays.stream(voters).boxed().toList(), List.of(), List.of(), List.of(), false);
    }

    /** Whether two majorities decide. */
    public boolean joint() {
        return !votersOutgoing.isEmpty();
    }

    private static List<Long> ordered(List<Long> ids) {
        return ids.stream().distinct().sorted(Long::compareUnsigned).toList();
    }
}
