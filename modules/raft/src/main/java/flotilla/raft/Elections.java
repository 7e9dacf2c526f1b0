package flotilla.raft;

import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.message.Message.VoteAnswer;
import flotilla.raft.message.Message.VoteRequest;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** The ways from one role to another, and the votes (thesis 3.4, 3.6.1, 9.6). */
final class Elections {
    private final Member member;
    private final Followed followed;

    Elections(Member member) {
        this.member = member;
        followed = new Followed(member);
    }

    /** Follows {@code leader} in {@code term}, or nobody yet. */
    Follower follow(long term, long leader) {
        member.adopt(term);
        member.restartTimer();
        if (leader != member.leader) {
            followed.refuseReads();
        }
        member.leader = leader;
        return new Follower(member, this, followed);
    }

    /** An election timeout has passed: stands, unless it may not. */
    Role timeOut(Role role) {
        member.restartTimer();
        return member.mayStand() ? askBefore() : role;
    }

    /**
     * Asks for pre-votes. It forgets the leader, or two that do so would refuse each other for ever
     * (raft.md scenario 4).
     */
    private Candidate askBefore() {
        followed.refuseReads();
        member.leader = 0;
        toVoters(to -> member.out.now(request(to, member.term + 1, Ballot.PRE_VOTE)));
        return Candidate.before(member, this);
    }

    /**
     * Stands for election in a new term. The requests wait for the disk: for the vote for itself,
     * and for all entries by which it claims to be up to date. Else one that crashes could stand
     * again in the same term with fewer entries, and count votes given for more.
     */
    Candidate stand(Ballot why) {
        followed.refuseReads();
        member.restartTimer();
        member.leader = 0;
        member.adopt(member.term + 1);
        member.vote = member.id();
        toVoters(to -> member.out.afterWrite(request(to, member.term, why)));
        return Candidate.standing(member, this);
    }

    /** Leads. */
    Leader lead() {
        member.restartTimer();
        member.leader = member.id();
        return new Leader(member, this);
    }

    private VoteRequest request(long to, long term, Ballot kind) {
        return new VoteRequest(
                member.id(), to, term, member.log.lastIndex(), member.log.lastTerm(), kind);
    }

    private void toVoters(LongConsumer send) {
        Stream.concat(
                        member.members().voters().stream(),
                        member.members().votersOutgoing().stream())
                .distinct()
                .filter(voter -> voter != member.id())
                .forEach(send::accept);
    }

    /**
     * Whether a leader that this member hears holds others off: then a member that was cut off or
     * removed cannot depose it (thesis 4.2.3). It protects against others only: a leader that
     * restarted stands itself (raft.md scenario 8).
     */
    boolean leaseAgainst(long candidate) {
        return member.leader != 0
                && member.leader != candidate
                && member.elapsed < member.config.timing().electionTicks();
    }

    /**
     * Answers one who stands in this member's term, or asks for a later one. Learners answer too:
     * one that was promoted may not know it yet, and be needed (raft.md scenario 11).
     */
    void answer(VoteRequest request) {
        boolean before = request.kind() == Ballot.PRE_VOTE;
        boolean free =
                member.vote == request.from()
                        || (member.vote == 0 && member.leader == 0)
                        || (before && request.term() > member.term);
        boolean granted = free && upToDate(request);
        if (granted && !before) {
            member.vote = request.from();
            member.elapsed = 0;
        }
        long term = granted ? request.term() : member.term;
        member.out.answer(
                new VoteAnswer(member.id(), request.from(), term, request.kind(), granted));
    }

    /**
     * Whether the candidate's log holds everything that this member may have helped commit (3.6.1).
     */
    private boolean upToDate(VoteRequest request) {
        long last = helpsCommit() ? member.log.lastIndex() : member.commit;
        long lastTerm = member.log.termAt(last);
        return request.lastTerm() > lastTerm
                || (request.lastTerm() == lastTerm && request.last() >= last);
    }

    /**
     * Whether an entry behind the commit index may be committed thanks to this member: it votes, or
     * may do so by a change that it has yet to apply. One that was removed, or demoted, may still
     * hold entries that nobody counted it for; if those who stay don't know yet that it is no
     * voter, and need its vote, these entries must not keep it from voting for them (raft.md
     * scenarios 46, 49).
     */
    private boolean helpsCommit() {
        return member.quorum().has(member.id())
                || member.log.changesMembers(member.applied + 1, member.log.lastIndex());
    }

    /**
     * Answers an older term's message so that its sender learns of this one (raft.md scenario 2).
     */
    void answerOlder(Message message) {
        switch (message) {
            case Message.Append _, Message.Heartbeat _, Message.InstallSnapshot _ ->
                    member.out.answer(
                            new Message.NewerTerm(member.id(), message.from(), member.term));
            case VoteRequest request when request.kind() == Ballot.PRE_VOTE ->
                    member.out.answer(
                            new VoteAnswer(
                                    member.id(),
                                    request.from(),
                                    member.term,
                                    Ballot.PRE_VOTE,
                                    false));
            default -> {
                // An old vote or an old answer: void.
            }
        }
    }
}
