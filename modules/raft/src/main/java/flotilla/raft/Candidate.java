package flotilla.raft;

import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.quorum.Ballots;

/**
 * Stands for election in its term (thesis 3.4). Its own vote counts when it is on its own disk,
 * like anybody's.
 *
 * <pre>
 * to            because
 * Leader        a quorum voted for it
 * Follower      a quorum did not; the leader of this term is heard; a higher term
 * PreCandidate  election timeout: nobody was elected
 * </pre>
 */
final class Candidate implements Role {
    private final Member member;
    private final Elections elections;
    private final Ballots ballots = new Ballots();

    Candidate(Member member, Elections elections) {
        this.member = member;
        this.elections = elections;
    }

    @Override
    public Standing.Kind kind() {
        return Standing.Kind.CANDIDATE;
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
            // A pre-vote that comes late is no vote (raft.md scenario 7).
            case Message.VoteAnswer answer when answer.kind() != Ballot.PRE_VOTE ->
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
        if (member.writes.hold(member.term, member.id())) {
            ballots.cast(member.id(), true);
        }
        return switch (ballots.verdict(member.quorum())) {
            case WON -> elections.lead();
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
