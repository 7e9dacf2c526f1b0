package flotilla.store.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Ratis' gRPC transport with our appender; Ratis makes it by its class name. */
public final class AckedRpcType implements RpcType {
    private static final String ACKS = "flotilla.acks";
    private static final String HEARTBEAT = "flotilla.heartbeat-millis";

    /** For Ratis. */
    public AckedRpcType() {}

    static Parameters parameters(QuorumAcks acks, long heartbeatMillis) {
        Parameters parameters = new Parameters();
        parameters.put(ACKS, acks, QuorumAcks.class);
        parameters.put(HEARTBEAT, heartbeatMillis, Long.class);
        AppendAnswers.install();
        // What other members send is taken on the network thread: to hand it to a pool first costs
        // each append a change of thread. A handler waits for the disk at most, and a member whose
        // disk stalls has nothing to say.
        GrpcConfigKeys.Server.setServicesCustomizer(
                parameters, (server, types) -> server.directExecutor());
        return parameters;
    }

    @Override
    public String name() {
        return AckedRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private final QuorumAcks acks;
        private final long heartbeatMillis;

        Factory(Parameters parameters) {
            super(parameters);
            acks = parameters.getNonNull(ACKS, QuorumAcks.class);
            heartbeatMillis = parameters.getNonNull(HEARTBEAT, Long.class);
        }

        @Override
        public LogAppender newLogAppender(
                RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
            AckedLeaderState state = new AckedLeaderState(leader, acks);
            LogAppender appender = new AckedLogAppender(server, state, follower, heartbeatMillis);
            acks.follow(follower.getId(), state);
            return appender;
        }
    }
}
