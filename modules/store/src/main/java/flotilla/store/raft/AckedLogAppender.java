package flotilla.store.raft;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;

/**
 * Ratis' appender, which also sends at once when a read round or a new commit index asks for it and
 * keeps the configured heartbeat. Ratis' own heartbeat trigger can lose a request that comes while
 * a heartbeat is being made; a round that no request carries yet cannot be lost.
 */
final class AckedLogAppender extends GrpcLogAppender {
    private final AckedLeaderState state;
    private final long heartbeatMillis;

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
    public boolean shouldSendAppendEntries() {
        return state.demanded() || super.shouldSendAppendEntries();
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
