package flotilla.raft;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.HeartbeatAnswer;
import flotilla.raft.message.Message.Rejected;
import flotilla.raft.progress.Progress;

/**
 * Leads: the only one in its term (thesis 3.5 to 3.7). Inputs change what it knows; {@link #settle}
 * then does all that has become due, so that whatever came in together goes out together.
 *
 * <pre>
 * to        because
 * Follower  a higher term
 * Follower  in an election timeout it heard no quorum (6.2), or its disk finished nothing
 * Follower  it was removed, and those who stay know it or had time to
 * </pre>
 */
final class Leader implements Role {
    private final Member member;
    private final Elections elections;
    private final Peers peers;
    private final Reads reads;
    private final Handover handover;
    private final Proposals proposals;
    private int sinceHeartbeat;
    private int ticksRemoved;

    Leader(Member member, Elections elections) {
        this.member = member;
        this.elections = elections;
        peers = new Peers(member);
        reads = new Reads(member);
        handover = new Handover(member);
        proposals = new Proposals(member, reads, handover);
        proposals.appendNothing();
    }

    @Override
    public Standing.Kind kind() {
        return Standing.Kind.LEADER;
    }

    @Override
    public Role tick() {
        handover.tick();
        if (member.diskHangs() || !stillHeard() || mayGo()) {
            return elections.follow(member.term, 0);
        }
        sinceHeartbeat++;
        if (sinceHeartbeat >= member.config.timing().heartbeatTicks()) {
            sendHeartbeats();
        }
        return this;
    }

    /** Asks once an election timeout. One that isn't heard must not hold others off (6.2). */
    private boolean stillHeard() {
        member.elapsed++;
        if (member.elapsed < member.config.timing().electionTicks()) {
            return true;
        }
        member.elapsed = 0;
        return peers.quorumHeard();
    }

    /**
     * A removed or demoted leader leads until those who remain know that it is, or have had time
     * to: the last of two needs its vote until then (raft.md scenario 46). Then it hands over (47).
     */
    private boolean mayGo() {
        if (member.quorum().has(member.id())) {
            return false;
        }
        ticksRemoved++;
        long known = member.quorum().reached(peers.reached(0, Progress::knownCommit));
        if (known < member.membersAt() && ticksRemoved < member.config.timing().electionTicks()) {
            return false;
        }
        peers.upToDate().ifPresent(handover::begin);
        proceedWithHandover();
        return true;
    }

    @Override
    public Role receive(Message message) {
        Progress progress = peers.of(message.from());
        if (progress != null) {
            progress.heard();
            receive(message, progress);
        }
        switch (message) {
            case Message.VoteRequest request -> elections.answer(request);
            case Message.ReadRequest request -> reads.add(request.from(), request.id());
            case Message.TimeoutRefused refused -> handover.abort(refused.from());
            case Message.Append _, Message.Heartbeat _, Message.InstallSnapshot _ ->
                    throw new BrokenInvariant(
                            "%s from a second leader of term %d".formatted(message, member.term));
            default -> {
                // An answer to what it was before, or to be taken from a peer only.
            }
        }
        return this;
    }

    private void receive(Message message, Progress progress) {
        switch (message) {
            case Message.Accepted accepted -> {
                progress.knowsCommit(accepted.commit());
                peers.accepted(progress, accepted.match());
            }
            case Rejected rejected -> {
                // The follower skipped its terms above ours; we skip ours above its (scenario 21).
                long hint =
                        member.log.lastWithTermAtMost(rejected.hintTerm(), rejected.hintIndex());
                progress.rejected(rejected.prevIndex(), hint);
            }
            case HeartbeatAnswer answer -> {
                progress.knowsCommit(answer.commit());
                progress.answeredHeartbeat(answer.round(), member.log.lastIndex());
            }
            default -> {
                // Nothing about its log.
            }
        }
    }

    @Override
    public Role settle() {
        commit();
        proposals.leaveJointIfDue();
        if (reads.begin()) {
            sendHeartbeats();
        }
        reads.confirm(peers.reached(reads.round(), Progress::ackedRound));
        peers.sendAppends();
        proceedWithHandover();
        return this;
    }

    /**
     * Commits what a quorum has on disk, itself among them as far as its own disk has come (thesis
     * 10.2.1). Only an entry of its own term, and with it all before: one of an older term on a
     * majority may still be replaced (3.6.2).
     */
    private void commit() {
        long reached =
                member.quorum().reached(peers.reached(member.writes.stable(), Progress::match));
        if (reached > member.commit && member.log.termAt(reached) == member.term) {
            member.commitTo(reached);
        }
    }

    private void sendHeartbeats() {
        sinceHeartbeat = 0;
        peers.sendHeartbeats(reads.round());
    }

    private void proceedWithHandover() {
        Progress progress = handover.underWay() ? peers.of(handover.to()) : null;
        if (progress != null) {
            handover.proceed(progress.match());
        }
    }

    /** A change of members is in force. */
    void membersChanged() {
        peers.follow(member.members());
        if (!member.members().voters().contains(handover.to())) {
            handover.abort(handover.to());
        }
    }

    void unreachable(long id) {
        Progress progress = peers.of(id);
        if (progress != null) {
            progress.unreachable();
        }
        // What could not be sent may have been the call to take over (raft.md scenario 42).
        handover.abort(id);
    }

    void snapshotReported(Input.SnapshotReported report) {
        Progress progress = peers.of(report.to());
        if (progress != null) {
            progress.snapshotReported(Math.min(report.mark().index(), member.log.lastIndex()));
        }
    }

    Peers peers() {
        return peers;
    }

    long transferee() {
        return handover.to();
    }

    @Override
    public Requests requests() {
        return proposals;
    }

    @Override
    public void end() {
        reads.refuseAll();
        member.out.dropAppends();
    }
}
