package flotilla.store;

import com.google.protobuf.ByteString;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateMachine;
import java.util.concurrent.CompletableFuture;

/**
 * A log of one member that keeps nothing: what is proposed is applied at once, by whoever proposes.
 * For a state that nobody is to find again.
 */
final class LoneLog implements ReplicatedLog {
    private static final long TERM = 1;

    private final long member;
    private final StateMachine machine;
    private long index;

    LoneLog(long member, StateMachine machine) {
        this.member = member;
        this.machine = machine;
    }

    @Override
    public synchronized CompletableFuture<Applied> propose(Command command) {
        CommandBatch batch = CommandBatch.newBuilder().addCommands(command).build();
        return CompletableFuture.completedFuture(machine.apply(++index, TERM, batch).getFirst());
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        return CompletableFuture.completedFuture(null);
    }

    /** Nobody counts the time of its leases. */
    @Override
    public CompletableFuture<ByteString> askLeader(ByteString question) {
        return CompletableFuture.failedFuture(new EtcdException(EtcdError.NOT_LEADER));
    }

    @Override
    public CompletableFuture<Applied> changeMembers(Wish wish) {
        return CompletableFuture.failedFuture(new EtcdException(EtcdError.UNHEALTHY));
    }

    @Override
    public CompletableFuture<Void> transferLeadership(long memberId) {
        return CompletableFuture.failedFuture(new EtcdException(EtcdError.BAD_LEADER_TRANSFEREE));
    }

    @Override
    public synchronized RaftStatus status() {
        return new RaftStatus(member, member, TERM, index, index, false);
    }

    /** There is nothing to close: the state is its owner's. */
    @Override
    public void close() {}
}
