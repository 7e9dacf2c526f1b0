package flotilla.raft;

import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.quorum.Ballots;

/**
 * Stands for election in its term (thesis 3.4); or, before that, asks whether it would be elected
 * in the next term, and changes nothing by it: a member that was cut off comes back without a term
 * that deposes a healthy leader (9.6). Both count ballots, of one kind each.
 *
 * <pre>
 * from          to            because
 * PreCandidate  Candidate     a quorum would elect it
 * PreCandidate  Follower      a quorum would not; the leader of this term is heard; a higher term
 * PreCandidate  PreCandidate  election timeout: it asks again
 * Candidate     Leader        a quorum voted for it
 * Candidate     Follower      a quorum did not; the leader of this term is heard; a higher term
 * Candidate     PreCandidate  election timeout: nobody was elected
 * </pre>
 */
final class Candidate implements Role {
    private final Member member;
    private final Elections elections;
    private final boolean before;
    private final Ballots ballots = new Ballots();

    private Candidate(Member member, Elections elections, boolean before) {
        this.member = member;
        this.elections = elections;
        this.before = before;
    }

    /** One that asks before it stands. */
    static Candidate before(Member member, Elections elections) {
        return new Candidate(member, elections, true);
    }

    /** One that stands. */
    static Candidate standing(Member member, Elections elections) {
        return new Candidate(member, elections, false);
    }

    @Override
    public Standing.Kind kind() {
        return before ? Standing.Kind.PRE_CANDIDATE : Standing.Kind.CANDIDATE;
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
            case Message.VoteAnswer answer when before == (answer.kind() == Ballot.PRE_VOTE) ->
                    ballots.cast(answer.from(), answer.granted());
            case Message.ReadRequest request -> requests().read(request.from(), request.id());
            default -> {
                // Answers to what it was before.
            }
        }
        return this;
    }

    /** Its own vote counts when it is on its own disk, like anybody's; a pre-vote needs no disk. */
    @Override
    public Role settle() {
        if (before || member.writes.hold(member.term, member.id())) {
            ballots.cast(member.id(), true);
        }
        return switch (ballots.verdict(member.quorum())) {
            case WON -> before ? elections.stand(Ballot.VOTE) : elections.lead();
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
