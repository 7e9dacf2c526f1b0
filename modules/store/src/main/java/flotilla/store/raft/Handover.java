package flotilla.store.raft;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;

/** Hands this member's leadership to another (Raft thesis 3.10). */
final class Handover {
    private final RaftServer server;
    private final RaftServer.Division division;
    private final Executor offRatis;

    Handover(RaftServer server, RaftServer.Division division, Executor offRatis) {
        this.server = server;
        this.division = division;
        this.offRatis = offRatis;
    }

    /** Fails with TIMEOUT when it is unknown whether the member has taken or will take office. */
    CompletableFuture<Void> to(long member, Duration patience) {
        TransferLeadershipRequest request =
                new TransferLeadershipRequest(
                        ClientId.randomId(),
                        division.getId(),
                        division.getGroup().getGroupId(),
                        CallId.getAndIncrement(),
                        RatisSettings.peerId(member),
                        patience.toMillis());
        try {
            return server.transferLeadershipAsync(request)
                    .handleAsync(
                            (reply, failure) -> {
                                if (failure != null || !reply.isSuccess()) {
                                    throw new EtcdException(EtcdError.TIMEOUT);
                                }
                                return null;
                            },
                            offRatis);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
