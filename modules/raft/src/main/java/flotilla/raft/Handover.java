package flotilla.raft;

import flotilla.raft.message.Message.TimeoutNow;

/**
 * A leader hands over to a follower (thesis 3.10): takes no proposals, waits until the follower has
 * its whole log, tells it to stand at once, and goes on after an election timeout if nothing came
 * of it. Told earlier, the follower would lose its election (raft.md scenario 42).
 */
final class Handover {
    private final Member member;
    private long to;
    private int ticksLeft;
    private boolean told;

    Handover(Member member) {
        this.member = member;
    }

    void begin(long target) {
        if (to != target) {
            to = target;
            ticksLeft = member.config.timing().electionTicks();
            told = false;
        }
    }

    boolean underWay() {
        return to != 0;
    }

    /** Who is to take over; 0 if nobody. */
    long to() {
        return to;
    }

    void tick() {
        if (underWay() && --ticksLeft <= 0) {
            to = 0;
        }
    }

    /** It could not, or is no voter any more: the leader goes on at once. */
    void abort(long target) {
        if (to == target) {
            to = 0;
        }
    }

    /** Tells the follower, once, if it has everything. */
    void proceed(long match) {
        if (!told && match == member.log.lastIndex()) {
            told = true;
            member.out.now(new TimeoutNow(member.id(), to, member.term));
        }
    }
}
