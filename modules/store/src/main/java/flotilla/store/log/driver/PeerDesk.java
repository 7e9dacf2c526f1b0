package flotilla.store.log.driver;

import com.google.protobuf.ByteString;
import flotilla.raft.Outcome;
import flotilla.store.apply.Batches;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.peer.MemberWish;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member does for others that take it for the leader: appends their batches, answers what
 * only a leader can. REFUSED says that it certainly did nothing, UNKNOWN that it can't tell.
 */
final class PeerDesk {
    /** What it asks of its own member. */
    record Own(
            Proposals proposals,
            Function<MemberWish, CompletableFuture<PeerReply>> changes,
            Function<ByteString, CompletableFuture<ByteString>> asLeader) {}

    /** Puts a batch to the core; on its loop. */
    @FunctionalInterface
    interface Proposals {
        void propose(byte[] batch, Consumer<Outcome> answer);
    }

    private static final Logger log = LoggerFactory.getLogger(PeerDesk.class);

    private final Loop loop;
    private final Own own;

    PeerDesk(Loop loop, Own own) {
        this.loop = loop;
        this.own = own;
    }

    /**
     * @param level the cluster's feature level, as far as it is known here
     */
    CompletableFuture<PeerReply> answer(PeerRequest request, int level) {
        PeerReply.Builder reply = PeerReply.newBuilder();
        return switch (request.getRequestCase()) {
            case PROPOSAL -> propose(request.getProposal().toByteArray(), level);
            case QUESTION ->
                    own.asLeader()
                            .apply(request.getQuestion())
                            .thenApply(answer -> reply.setAnswer(answer).build())
                            .exceptionally(PeerDesk::refusal);
            case MEMBER_WISH -> own.changes().apply(request.getMemberWish());
            case KNOWN_MEMBER, HASH, REQUEST_NOT_SET ->
                    CompletableFuture.completedFuture(
                            reply.setOutcome(PeerReply.Outcome.REFUSED).build());
        };
    }

    /** What some member could not apply it does not append: it would end it again and again. */
    private CompletableFuture<PeerReply> propose(byte[] batch, int level) {
        try {
            Batches.requireProposable(batch, level);
        } catch (UnreadableEntry e) {
            log.warn("a batch of another member is refused: {}", e.getMessage());
            EtcdError why =
                    e instanceof UnreadableEntry.AboveLevel
                            ? EtcdError.NOT_CAPABLE
                            : EtcdError.UNREADABLE;
            return CompletableFuture.completedFuture(
                    PeerReply.newBuilder()
                            .setOutcome(PeerReply.Outcome.REFUSED)
                            .setRefusal(why.name())
                            .build());
        }
        CompletableFuture<PeerReply> answer = new CompletableFuture<>();
        loop.execute(() ->
                own.proposals()
                        .propose(
                                batch,
                                outcome ->
                                        answer.complete(
                                                PeerReply.newBuilder()
                                                        .setOutcome(outcome(outcome))
                                                        .build())));
        return answer;
    }

    private static PeerReply.Outcome outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Appended _, Outcome.Started _ -> PeerReply.Outcome.OK;
            case Outcome.Refused _ -> PeerReply.Outcome.REFUSED;
        };
    }

    private static PeerReply refusal(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        boolean refused =
                cause instanceof EtcdException refusal && refusal.error() == EtcdError.NOT_LEADER;
        return PeerReply.newBuilder()
                .setOutcome(refused ? PeerReply.Outcome.REFUSED : PeerReply.Outcome.UNKNOWN)
                .build();
    }
}
