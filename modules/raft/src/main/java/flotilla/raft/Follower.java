package flotilla.raft;

import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;

/**
 * Follows a leader, or waits for one; a learner, a removed member and one that has yet to join are
 * followers that never stand.
 *
 * <pre>
 * to            because
 * PreCandidate  election timeout, and it may stand
 * Candidate     the leader hands over to it, and it may stand
 * Follower      of a higher term, or of the leader now heard
 * </pre>
 */
final class Follower implements Role {
    private final Member member;
    private final Elections elections;
    private final Followed followed;

    Follower(Member member, Elections elections, Followed followed) {
        this.member = member;
        this.elections = elections;
        this.followed = followed;
    }

    @Override
    public Standing.Kind kind() {
        return Standing.Kind.FOLLOWER;
    }

    @Override
    public Role tick() {
        followed.refuseOldReads();
        member.elapsed++;
        return member.elapsed < member.timeout ? this : elections.timeOut(this);
    }

    @Override
    public Role receive(Message message) {
        switch (message) {
            case Message.Append append -> {
                hear(append.from());
                followed.append(append);
            }
            case Message.Heartbeat heartbeat -> {
                hear(heartbeat.from());
                followed.heartbeat(heartbeat);
            }
            case Message.InstallSnapshot snapshot -> {
                hear(snapshot.from());
                followed.install(snapshot);
            }
            case Message.VoteRequest request -> elections.answer(request);
            case Message.TimeoutNow now -> {
                return takeOver(now);
            }
            case Message.ReadAnswer answer -> followed.readAnswered(answer);
            case Message.ReadRefused refused -> followed.readRefused(refused.id());
            case Message.ReadRequest request -> requests().read(request.from(), request.id());
            case Message.Accepted _,
                    Message.Rejected _,
                    Message.HeartbeatAnswer _,
                    Message.VoteAnswer _,
                    Message.NewerTerm _,
                    Message.TimeoutRefused _ -> {
                // Answers to what it was before.
            }
        }
        return this;
    }

    private void hear(long leader) {
        if (member.leader != leader) {
            followed.refuseReads();
            member.leader = leader;
        }
        member.elapsed = 0;
    }

    /** One who can't says so, or writes would stand still for the whole timeout (scenario 43). */
    private Role takeOver(Message.TimeoutNow now) {
        if (member.mayStand()) {
            return elections.stand(Ballot.TRANSFER);
        }
        member.out.answer(new Message.TimeoutRefused(member.id(), now.from(), member.term));
        return this;
    }

    @Override
    public Role settle() {
        return this;
    }

    @Override
    public Requests requests() {
        return new NotLeading(member, followed::read);
    }

    @Override
    public void end() {
        // What it asked of the leader is refused when the leader changes.
    }
}
