package flotilla.store.log.driver;

import java.util.List;
import java.util.function.LongPredicate;

/**
 * Has a group that has never had a leader elect one as soon as it can, instead of after an election
 * timeout: one of the members, the same for all, stands when it reaches a quorum. As etcd, which
 * lets the first ticks pass at once; who stands too early only asks in vain (pre-vote). A member
 * alone stands at once whenever it starts. Belongs to the core's loop.
 */
final class FirstElection {
    /** How long it is tried, in ticks. */
    private static final int LOOKS = 50;

    /** Between one attempt and the next, in ticks: others may still be starting. */
    private static final int PAUSE = 5;

    private final Loop loop;
    private final Leader leader;
    private final List<Long> voters;
    private final LongPredicate reached;
    private int looks;
    private int lastAttempt = -PAUSE;

    /**
     * @param voters in one order on all members
     * @param reached whether another member is, just now
     */
    FirstElection(Loop loop, Leader leader, List<Long> voters, LongPredicate reached) {
        this.loop = loop;
        this.leader = leader;
        this.voters = voters;
        this.reached = reached;
    }

    /**
     * @param fresh whether this member has never taken part in an election
     * @param tickNanos of the core's clock
     * @param stand lets an election timeout pass
     */
    void begin(boolean fresh, long tickNanos, Runnable stand) {
        boolean first = !voters.isEmpty() && voters.getFirst() == leader.self();
        if (first && (fresh || voters.size() == 1)) {
            look(tickNanos, stand);
        }
    }

    private void look(long tickNanos, Runnable stand) {
        if (leader.get() != 0 || looks == LOOKS) {
            return;
        }
        if (looks - lastAttempt >= PAUSE && reachesAQuorum()) {
            lastAttempt = looks;
            stand.run();
        }
        looks++;
        loop.after(tickNanos, () -> look(tickNanos, stand));
    }

    private boolean reachesAQuorum() {
        long reaches =
                voters.stream()
                        .filter(voter -> voter == leader.self() || reached.test(voter))
                        .count();
        return reaches > voters.size() / 2;
    }
}
