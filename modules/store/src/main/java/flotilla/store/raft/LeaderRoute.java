package flotilla.store.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.CommandBatch;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import flotilla.store.peer.Proposal;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * The way to whoever leads. Brings batches into the leader's log, straight into Ratis if this
 * member leads, else by a call to the leader's {@link PeerDesk}; and asks there what only a leader
 * can answer.
 *
 * <p>Ratis answers a write with "not the leader" both before it appended and after it lost office
 * with the entry in its log. Only {@link Submission#appended} tells these apart.
 */
final class LeaderRoute implements Proposer.Route {
    private final long self;
    private final RaftServer.Division division;
    private final RaftGroupId group;
    private final PeerCalls peers;
    private final Executor offRatis;
    private final ClientId client = ClientId.randomId();
    private volatile boolean closed;

    LeaderRoute(long self, RaftServer.Division division, PeerCalls peers, Executor offRatis) {
        this.self = self;
        this.division = division;
        this.group = division.getGroup().getGroupId(); // Ratis makes a new group at each call
        this.peers = peers;
        this.offRatis = offRatis;
    }

    @Override
    public long leader() {
        RaftPeerId leader = division.getInfo().getLeaderId();
        return leader == null ? 0 : RatisSettings.memberId(leader);
    }

    @Override
    public long term() {
        return division.getInfo().getCurrentTerm();
    }

    @Override
    public void send(Batch batch, long leader, long term, Runnable refused) {
        byte[] bytes = batch.commands().toByteArray();
        CompletableFuture<Boolean> appended =
                leader == self
                        ? append(bytes, term, batch.commands())
                        : forward(bytes, leader, term);
        // A failure leaves the fate open: the proposer's deadline decides.
        CompletableFuture<Void> _ =
                appended.thenAccept(inLog -> {
                    if (!inLog) {
                        offRatis.execute(refused);
                    }
                });
    }

    /**
     * Asks the leader, another member. Fails with NO_LEADER if there is none, with NOT_LEADER if it
     * refused, with TIMEOUT if its answer is unknown.
     */
    CompletableFuture<PeerReply> ask(PeerRequest request) {
        long leader = leader();
        if (closed || leader == 0 || leader == self) {
            // A leader that is not ready yet counts as none.
            EtcdError error = closed ? EtcdError.STOPPED : EtcdError.NO_LEADER;
            return CompletableFuture.failedFuture(new EtcdException(error));
        }
        return peers.ask(leader, request)
                .handle((reply, failure) -> {
                    if (failure != null) {
                        throw new EtcdException(EtcdError.TIMEOUT);
                    }
                    return switch (reply.getOutcome()) {
                        case OK -> reply;
                        case REFUSED -> throw new EtcdException(EtcdError.NOT_LEADER);
                        case UNKNOWN, UNRECOGNIZED -> throw new EtcdException(EtcdError.TIMEOUT);
                    };
                });
    }

    /** Asks nobody any more: what is asked from now on fails with STOPPED. */
    void close() {
        closed = true;
    }

    private CompletableFuture<Boolean> forward(byte[] batch, long leader, long term) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(batch);
        Proposal proposal = Proposal.newBuilder().setTerm(term).setBatch(bytes).build();
        return peers.ask(leader, PeerRequest.newBuilder().setProposal(proposal).build())
                .thenApply(reply -> reply.getOutcome() != PeerReply.Outcome.REFUSED);
    }

    /**
     * Appends a batch to this member's log if it leads that term. Completes with false if the batch
     * certainly was not appended; with true, once it was, at some time not before its fate is
     * settled here.
     */
    CompletableFuture<Boolean> append(byte[] bytes, long term, @Nullable CommandBatch batch) {
        Submission submission = new Submission(term, PeerCalls.message(bytes).getContent(), batch);
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setClientId(client)
                        .setServerId(division.getId())
                        .setGroupId(group)
                        .setCallId(CallId.getAndIncrement())
                        .setMessage(submission)
                        .setType(RaftClientRequest.writeRequestType())
                        .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((done, failure) -> submission.appended());
    }
}
