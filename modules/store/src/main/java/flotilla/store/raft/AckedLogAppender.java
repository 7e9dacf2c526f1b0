package flotilla.store.raft;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.util.AwaitForSignal;

/**
 * Ratis' appender, which also sends at once when a read round or a new commit index asks for it and
 * keeps the configured heartbeat. Ratis' own heartbeat trigger can lose a request that comes while
 * a heartbeat is being made; a round that no request carries yet cannot be lost.
 */
final class AckedLogAppender extends GrpcLogAppender implements AckedLeaderState.Follower {
    private final AckedLeaderState state;
    private final long heartbeatMillis;
    private final KeptSignal signal = new KeptSignal(this);

    AckedLogAppender(
            RaftServer.Division server,
            AckedLeaderState state,
            FollowerInfo follower,
            long heartbeatMillis) {
        super(server, state, follower);
        this.state = state;
        this.heartbeatMillis = heartbeatMillis;
        state.serve(this);
    }

    @Override
    public long commitIndex() {
        return getRaftLog().getLastCommittedIndex();
    }

    @Override
    public long matchIndex() {
        return getFollower().getMatchIndex();
    }

    @Override
    public long nextIndex() {
        return getFollower().getNextIndex();
    }

    @Override
    public AwaitForSignal getEventAwaitForSignal() {
        return signal;
    }

    /** Most answers of a follower leave nothing to be sent: for those no thread is woken. */
    @Override
    public void notifyLogAppender() {
        if (!isRunning() || hasSomethingToDo()) {
            signal.signal();
        }
    }

    private boolean hasSomethingToDo() {
        try {
            return shouldSendAppendEntries();
        } catch (IllegalStateException logClosedMeanwhile) {
            return true; // To end.
        }
    }

    @Override
    public boolean shouldSendAppendEntries() {
        return state.demanded() || super.shouldSendAppendEntries();
    }

    /** Ratis' own is 0 while there is no connection to the follower, even with nothing to send. */
    @Override
    public long getWaitTimeMs() {
        boolean entries = nextIndex() < getRaftLog().getNextIndex();
        return entries ? super.getWaitTimeMs() : Math.max(0, getHeartbeatWaitTimeMs());
    }

    @Override
    public long getHeartbeatWaitTimeMs() {
        if (state.demanded()) {
            return 0;
        }
        long sinceLast = getFollower().getLastRpcSendTime().elapsedTimeMs();
        return Math.min(heartbeatMillis - sinceLast, super.getHeartbeatWaitTimeMs());
    }
}
