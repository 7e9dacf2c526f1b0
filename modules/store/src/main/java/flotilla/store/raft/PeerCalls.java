package flotilla.store.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.client.ClientFactory;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Asks other members over Ratis' transport: a "stale read" of Ratis reaches any member's state
 * machine untouched by Ratis' own ideas of leadership, so it serves as a plain call.
 */
final class PeerCalls implements AutoCloseable {
    private final ClientId client = ClientId.randomId();
    private final RaftGroup group;
    private final RaftClientRpc rpc;
    private final Set<RaftPeerId> givenUp = ConcurrentHashMap.newKeySet();

    PeerCalls(RaftGroup group, RaftProperties properties, Parameters parameters) {
        this.group = group;
        this.rpc =
                ((ClientFactory) new AckedRpcType().newFactory(parameters))
                        .newRaftClientRpc(client, properties);
        rpc.addRaftPeers(group.getPeers());
    }

    /** On a transport of the caller's. */
    PeerCalls(RaftGroup group, RaftClientRpc rpc) {
        this.group = group;
        this.rpc = rpc;
    }

    /**
     * Completes with the member's reply, REFUSED if it could not even look at the request. Fails if
     * it is unknown whether the request came through.
     */
    CompletableFuture<PeerReply> ask(long member, PeerRequest question) {
        RaftPeerId peer = RatisSettings.peerId(member);
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setClientId(client)
                        .setServerId(peer)
                        .setGroupId(group.getGroupId())
                        .setCallId(CallId.getAndIncrement())
                        .setMessage(message(question.toByteArray()))
                        .setType(RaftClientRequest.staleReadRequestType(0))
                        .build();
        return rpc.sendRequestAsyncUnordered(request)
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        reconnect(peer, failure);
                    }
                })
                .thenApply(PeerCalls::reply);
    }

    /**
     * Puts a new connection in the place of one on which a request failed. That fails whatever else
     * is open on the old one, and none of these may cost the new one its life in turn. Closing
     * waits seconds for an answer: not on the thread that brings the failure.
     */
    private void reconnect(RaftPeerId peer, Throwable failure) {
        if (givenUp.add(peer)) {
            Thread.startVirtualThread(() -> {
                try {
                    rpc.handleException(peer, failure, true);
                } finally {
                    givenUp.remove(peer);
                }
            });
        }
    }

    private static PeerReply reply(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            return PeerReply.newBuilder().setOutcome(PeerReply.Outcome.REFUSED).build();
        }
        try {
            return PeerReply.parseFrom(reply.getMessage().getContent().asReadOnlyByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new CompletionException("read a member's reply", e);
        }
    }

    static Message message(byte[] bytes) {
        ByteString content = UnsafeByteOperations.unsafeWrap(bytes);
        return Message.valueOf(content);
    }

    @Override
    public void close() {
        try {
            rpc.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the connections to other members", e);
        }
    }
}
