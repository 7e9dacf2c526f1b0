package flotilla.store.log;

import com.google.protobuf.ByteString;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.command.Command;
import java.util.concurrent.CompletableFuture;

/**
 * The one port to consensus: orders commands on a majority's disks and hands them to the {@link
 * flotilla.store.log.StateMachine} in that order. Every member accepts every call; what only the
 * leader can do is passed on to it. No method blocks; futures complete on threads that must not be
 * blocked for long.
 */
public interface ReplicatedLog extends AutoCloseable {
    /** The largest command, in bytes; etcd itself warns above 10 MiB. */
    int COMMAND_BYTES_MAX = 16 << 20;

    /**
     * Orders a write and completes with what applying it <em>on this member</em> came to, so a
     * serializable read here sees it from then on.
     *
     * <p>Completes exceptionally with {@link flotilla.store.apply.refusal.EtcdException}:
     * NO_LEADER, TOO_MANY_REQUESTS, UNREADABLE and NOT_CAPABLE (above the cluster's feature level;
     * it may be tried again when that was raised) mean that the command was not and will not be
     * applied; TIMEOUT and LEADER_CHANGED leave it open; STOPPED too.
     */
    CompletableFuture<Applied> propose(Command command);

    /**
     * Completes once this member has applied every write that was acknowledged anywhere before the
     * call (ReadIndex, Raft thesis 6.4): a read of the local state from then on is linearizable.
     * Fails with NO_LEADER or TIMEOUT; the read may be tried again.
     */
    CompletableFuture<Void> readBarrier();

    /**
     * Puts a question that only the leader can answer (what is left of a lease, its renewal) to it;
     * answered there by {@link LeaderDesk}. Fails with NO_LEADER, NOT_LEADER or TIMEOUT.
     */
    CompletableFuture<ByteString> askLeader(ByteString question);

    /** Hands leadership to a member; fails with NOT_LEADER, BAD_LEADER_TRANSFEREE or TIMEOUT. */
    CompletableFuture<Void> transferLeadership(long memberId);

    /**
     * Changes who takes part, and completes with etcd's answer once this member has applied the
     * change. Completes exceptionally as {@link #propose} does, and when the leader finds that the
     * change would endanger the quorum (etcd's strict-reconfig-check).
     */
    CompletableFuture<Applied> changeMembers(Wish wish);

    /** How this member sees the cluster just now. */
    RaftStatus status();

    @Override
    void close();

    /**
     * Told when this member takes up or lays down leadership; calls are in order. Must not block.
     */
    @FunctionalInterface
    interface LeadershipListener {
        /**
         * @param leading whether this member leads from now on; true only once it has applied an
         *     entry of its own term, so that its state is up to date
         */
        void onLeadership(boolean leading, long term);
    }

    /** Does on the leader, and for as long as it leads, what needs a leader. */
    interface LeaderDesk extends LeadershipListener {
        /** Answers what {@link #askLeader} asks anywhere. Must not block. */
        CompletableFuture<ByteString> answer(ByteString question);
    }
}
