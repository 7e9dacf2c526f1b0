package flotilla.raft;

import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.quorum.Ballots;

/**
 * Asks whether it would be elected in the next term, and changes nothing by it: a member that was
 * cut off comes back without a term that deposes a healthy leader (thesis 9.6).
 *
 * <pre>
 * to            because
 * Candidate     a quorum would elect it
 * Follower      a quorum would not; the leader of this term is heard; a higher term
 * PreCandidate  election timeout: it asks again
 * </pre>
 */
final class PreCandidate implements Role {
    private final Member member;
    private final Elections elections;
    private final Ballots ballots = new Ballots();

    PreCandidate(Member member, Elections elections) {
        this.member = member;
        this.elections = elections;
        ballots.cast(member.id(), true);
    }

    @Override
    public Standing.Kind kind() {
        return Standing.Kind.PRE_CANDIDATE;
    }

    @Override
    public Role tick() {
        member.elapsed++;
        return member.elapsed < member.timeout ? this : elections.timeOut(this);
    }

    @Override
    public Role receive(Message message) {
        switch (message) {
            case Message.Append _,
                    Message.Heartbeat _,
                    Message.InstallSnapshot _,
                    Message.TimeoutNow _ -> {
                return elections.follow(member.term, message.from()).receive(message);
            }
            case Message.VoteRequest request -> elections.answer(request);
            case Message.VoteAnswer answer when answer.kind() == Ballot.PRE_VOTE ->
                    ballots.cast(answer.from(), answer.granted());
            case Message.ReadRequest request -> requests().read(request.from(), request.id());
            default -> {
                // Answers to what it was before.
            }
        }
        return this;
    }

    @Override
    public Role settle() {
        return switch (ballots.verdict(member.quorum())) {
            case WON -> elections.stand(Ballot.VOTE);
            case LOST -> elections.follow(member.term, 0);
            case PENDING -> this;
        };
    }

    @Override
    public Requests requests() {
        return new NotLeading(member, member.out::refuseRead);
    }

    @Override
    public void end() {
        // It promised nothing.
    }
}
