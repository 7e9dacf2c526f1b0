package flotilla.raft;

import flotilla.raft.log.LogView;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.message.Message.VoteAnswer;
import flotilla.raft.message.Message.VoteRequest;
import java.util.List;

/**
 * One member's consensus: {@link #step} takes what happened and says what must be done. {@link
 * Ready} holds the contract with whoever drives it. Not safe for threads: one owns it. The same
 * inputs give the same answers. A driver begins with a step without inputs: what was committed
 * before is given out then.
 *
 * <p>A {@link flotilla.raft.log.BrokenInvariant} from any method means that the member must stop;
 * what the core says afterwards is void.
 */
public final class Raft {
    private final Member member;
    private final Elections elections;
    private Role role;

    /**
     * @param found what was found on disk; the core owns its log's outline from now on
     * @param view sizes of the entries found, and of those given out later
     * @throws LogTooShort if the log lacks what was applied or known to be committed
     */
    public Raft(RaftConfig config, Restored found, LogView view) {
        member = new Member(config, found, view);
        elections = new Elections(member);
        role = elections.follow(member.term, 0);
    }

    /** One input. */
    public Ready step(Input input) {
        return step(List.of(input));
    }

    /**
     * Inputs that have queued, in order, as one step: what they call for goes out together. A
     * thousand proposals make one append to each follower, their acceptances one commit.
     */
    public Ready step(List<Input> inputs) {
        inputs.forEach(this::take);
        settle();
        return member.out.seal(member, standing());
    }

    private void take(Input input) {
        switch (input) {
            case Input.Tick _ -> {
                member.ticks++;
                become(role.tick());
            }
            case Input.Received(Message message) -> receive(message);
            case Input.Propose proposal -> member.out.outcome(role.requests().propose(proposal));
            case Input.ProposeChange proposal ->
                    member.out.outcome(role.requests().proposeChange(proposal));
            case Input.Transfer(long to) -> member.out.outcome(role.requests().transfer(to));
            case Input.Read(long id) -> role.requests().read(member.id(), id);
            case Input.Stored(long write) -> member.writes.done(write);
            case Input.Applied(long index) -> member.applied(index);
            case Input.ChangeApplied applied -> {
                if (member.changeApplied(applied.index(), applied.change())
                        && role instanceof Leader leader) {
                    leader.membersChanged();
                }
            }
            case Input.Compacted(long index) ->
                    member.log.compactTo(Math.min(index, member.applied));
            case Input.SnapshotReported report -> {
                if (role instanceof Leader leader) {
                    leader.snapshotReported(report);
                }
            }
            case Input.Unreachable(long id) -> {
                if (role instanceof Leader leader) {
                    leader.unreachable(id);
                }
            }
        }
    }

    /** One that is elected has things to settle at once. */
    private void settle() {
        Role before;
        do {
            before = role;
            become(role.settle());
        } while (role != before);
    }

    private void become(Role next) {
        if (next != role) {
            role.end();
            role = next;
        }
    }

    private void receive(Message message) {
        if (message.to() != member.id()) {
            return;
        }
        if (message.term() == 0 || message.term() == member.term) {
            become(role.receive(message));
        } else if (message.term() < member.term) {
            elections.answerOlder(message);
        } else {
            receiveNewer(message);
        }
    }

    /**
     * Of a later term: followed, unless it only asks beforehand or a leader is there (thesis
     * 4.2.3).
     */
    private void receiveNewer(Message message) {
        switch (message) {
            case VoteRequest request
                    when request.kind() != Ballot.TRANSFER
                            && elections.leaseAgainst(request.from()) -> {
                // No answer: it will hear the leader, or was removed.
            }
            case VoteRequest request when request.kind() == Ballot.PRE_VOTE ->
                    elections.answer(request);
            case VoteAnswer answer when answer.kind() == Ballot.PRE_VOTE && answer.granted() -> {
                // It names the term that was asked about (raft.md scenario 3).
                if (answer.term() == member.term + 1) {
                    become(role.receive(answer));
                }
            }
            case Message.Append _, Message.Heartbeat _, Message.InstallSnapshot _ -> {
                become(elections.follow(message.term(), message.from()));
                become(role.receive(message));
            }
            default -> {
                become(elections.follow(message.term(), 0));
                become(role.receive(message));
            }
        }
    }

    /** The member as it is between two steps. */
    public Status status() {
        Leader leader = role instanceof Leader leading ? leading : null;
        return new Status(
                member.id(),
                standing(),
                member.commit,
                member.applied,
                member.writes.stable(),
                member.log.lastIndex(),
                member.members(),
                leader == null ? 0 : leader.transferee(),
                leader == null ? List.of() : leader.peers().status());
    }

    private Standing standing() {
        return new Standing(role.kind(), member.term, member.leader);
    }
}
