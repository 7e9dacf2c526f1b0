package flotilla.store.log.driver;

import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.StateHash;
import flotilla.store.log.Transport;
import flotilla.store.peer.HashAnswer;
import flotilla.store.peer.HashQuestion;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** {@link OtherStates} over the way to the other members, each of whom has a {@link HashDesk}. */
final class HashQuestions implements OtherStates {
    private final MemberParts parts;
    private final Transport transport;

    HashQuestions(MemberParts parts, Transport transport) {
        this.parts = parts;
        this.transport = transport;
    }

    @Override
    public List<Membership.Peer> members() {
        return parts.machine().members().stream()
                .filter(peer -> peer.id() != parts.self())
                .toList();
    }

    @Override
    public CompletableFuture<StateHash> hash(long member, long revision, long check) {
        HashQuestion question =
                HashQuestion.newBuilder().setRevision(revision).setCheck(check).build();
        return transport
                .ask(member, PeerRequest.newBuilder().setHash(question).build())
                .thenCompose(HashQuestions::answer);
    }

    /** A member of an earlier version doesn't know the question. */
    private static CompletableFuture<StateHash> answer(PeerReply reply) {
        if (!reply.hasHash()) {
            return CompletableFuture.failedFuture(
                    new UnsupportedOperationException("it is of a version that can't tell"));
        }
        HashAnswer answer = reply.getHash();
        return CompletableFuture.completedFuture(
                new StateHash(
                        answer.getApplied(),
                        answer.getRevision(),
                        answer.getCompactRevision(),
                        answer.hasHash() ? OptionalInt.of(answer.getHash()) : OptionalInt.empty()));
    }
}
