package flotilla.store.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.store.apply.Batches;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerReply.Outcome;
import flotilla.store.peer.PeerRequest;
import flotilla.store.peer.Proposal;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.apache.ratis.protocol.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member does for others that take it for the leader: appends their batches, tells the
 * index to read at, has their questions answered. The other end of {@link LeaderRoute}.
 *
 * <p>REFUSED says that it certainly did nothing, UNKNOWN that it can't tell.
 */
final class PeerDesk {
    private static final Logger log = LoggerFactory.getLogger(PeerDesk.class);

    private final LeaderRoute route;
    private final ReadGate gate;
    private final Function<ByteString, CompletableFuture<ByteString>> asLeader;
    private final LongPredicate known;

    /**
     * @param asLeader answers what only a leader can, or fails with NOT_LEADER
     * @param known whether a member has taken part before
     */
    PeerDesk(
            LeaderRoute route,
            ReadGate gate,
            Function<ByteString, CompletableFuture<ByteString>> asLeader,
            LongPredicate known) {
        this.route = route;
        this.gate = gate;
        this.asLeader = asLeader;
        this.known = known;
    }

    /** Fails only for a request that can't be read. */
    CompletableFuture<Message> answer(Message request) {
        try {
            return answer(PeerRequest.parseFrom(request.getContent().asReadOnlyByteBuffer()))
                    .exceptionally(PeerDesk::outcome)
                    .thenApply(reply -> PeerCalls.message(reply.toByteArray()));
        } catch (InvalidProtocolBufferException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<PeerReply> answer(PeerRequest request) {
        PeerReply.Builder reply = PeerReply.newBuilder();
        return switch (request.getRequestCase()) {
            case PROPOSAL ->
                    append(request.getProposal())
                            .thenApply(inLog ->
                                    reply.setOutcome(inLog ? Outcome.OK : Outcome.REFUSED).build());
            case READ_INDEX ->
                    gate.readIndex().thenApply(index -> reply.setReadIndex(index).build());
            case QUESTION ->
                    asLeader.apply(request.getQuestion())
                            .thenApply(answer -> reply.setAnswer(answer).build());
            case KNOWN_MEMBER ->
                    CompletableFuture.completedFuture(
                            reply.setKnown(known.test(request.getKnownMember())).build());
            case MEMBER_WISH, REQUEST_NOT_SET -> notLeader();
        };
    }

    /** What this member could not apply it does not append: it would end every member. */
    private CompletableFuture<Boolean> append(Proposal proposal) {
        try {
            var _ = Batches.parse(proposal.getBatch().toByteArray());
        } catch (UnreadableEntry e) {
            log.warn("a batch of another member is refused: {}", e.getMessage());
            return CompletableFuture.completedFuture(false);
        }
        return route.append(proposal.getBatch().toByteArray(), proposal.getTerm(), null);
    }

    private static CompletableFuture<PeerReply> notLeader() {
        return CompletableFuture.failedFuture(new EtcdException(EtcdError.NOT_LEADER));
    }

    private static PeerReply outcome(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        boolean refused =
                cause instanceof EtcdException refusal && refusal.error() == EtcdError.NOT_LEADER;
        return PeerReply.newBuilder()
                .setOutcome(refused ? Outcome.REFUSED : Outcome.UNKNOWN)
                .build();
    }
}
