package flotilla.store.apply.member;

import flotilla.protocol.Member;
import flotilla.store.apply.refusal.EtcdError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * etcd's strict-reconfig-check: whether there would still be a quorum after a change, by what one
 * member sees just now. Asked before a change is proposed; who is reached is no part of the state.
 * A member has started when it has a name (etcd's IsStarted). Learners come and go freely.
 */
public final class StrictCheck {
    /** How long a member must have been reached without a break to count (etcd's). */
    private static final Duration HEALTHY = Duration.ofSeconds(5);

    /** Of the leader's log, what a learner must have to be promoted (etcd's). */
    private static final double READY = 0.9;

    private final MemberBook book;
    private final Reach reach;

    /**
     * What a member sees of the others.
     *
     * @param self itself: it always reaches itself
     * @param since since when another is reached, in the nanoseconds of the clock; empty if not
     * @param now in the same nanoseconds
     */
    public record Reach(long self, LongFunction<OptionalLong> since, long now) {
        private boolean active(long member) {
            return member == self || since.apply(member).isPresent();
        }

        private boolean steadily(long member) {
            if (member == self) {
                return true;
            }
            OptionalLong begun = since.apply(member);
            return begun.isPresent() && now - begun.getAsLong() > HEALTHY.toNanos();
        }
    }

    public StrictCheck(MemberBook book, Reach reach) {
        this.book = book;
        this.reach = reach;
    }

    /**
     * NOT_ENOUGH_STARTED_MEMBERS or UNHEALTHY if it is not safe; the change itself is not checked.
     */
    public Optional<EtcdError> refusal(Wish wish) {
        return switch (wish) {
            case Wish.AddVoter _ -> enoughStartedToAdd() ? unhealthyToAdd() : notEnoughStarted();
            case Wish.AddLearner _ -> unhealthyToAdd();
            case Wish.Remove(long id) -> remove(id);
            case Wish.Demote(long id) -> remove(id);
            case Wish.Promote _ -> enoughStartedToPromote() ? Optional.empty() : notEnoughStarted();
            case Wish.Update _ -> Optional.empty();
        };
    }

    /**
     * Whether a learner has nearly all of the log; asked of the leader, strict or not.
     *
     * @param learnerMatch up to where its log is known to be the leader's
     * @param leaderMatch the leader's own last stored index
     */
    public static boolean isReady(long learnerMatch, long leaderMatch) {
        return learnerMatch >= leaderMatch * READY;
    }

    /** The one that comes has not started. One may become two: how a lost cluster is restored. */
    private boolean enoughStartedToAdd() {
        long started = started(book.voters());
        int members = book.voters().size() + 1;
        return (started == 1 && members == 2) || started >= quorum(members);
    }

    private boolean enoughStartedToPromote() {
        return started(book.voters()) + 1 >= quorum(book.voters().size() + 1);
    }

    private Optional<EtcdError> unhealthyToAdd() {
        List<Member> voters = book.voters();
        boolean safe = voters.size() == 1 || reached(voters) >= quorum(voters.size() + 1);
        return safe ? Optional.empty() : Optional.of(EtcdError.UNHEALTHY);
    }

    private Optional<EtcdError> remove(long id) {
        if (book.conf().learners().contains(id)) {
            return Optional.empty();
        }
        List<Member> left = book.voters().stream().filter(voter -> voter.getID() != id).toList();
        if (started(left) < quorum(left.size())) {
            return notEnoughStarted();
        }
        // One that is down is no part of the quorum that is at work.
        boolean safe = !reach.active(id) || reached(book.voters()) - 1 >= quorum(left.size());
        return safe ? Optional.empty() : Optional.of(EtcdError.UNHEALTHY);
    }

    private static long started(List<Member> members) {
        return members.stream().filter(member -> !member.getName().isEmpty()).count();
    }

    private long reached(List<Member> members) {
        return members.stream().filter(member -> reach.steadily(member.getID())).count();
    }

    private static int quorum(int members) {
        return members / 2 + 1;
    }

    private static Optional<EtcdError> notEnoughStarted() {
        return Optional.of(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
    }
}
