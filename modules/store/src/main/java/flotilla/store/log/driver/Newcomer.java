package flotilla.store.log.driver;

import flotilla.store.log.Membership;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a member without a log asks the others before it takes part: whether they know it. One that
 * took part before, and lost its disk, has forgotten whom it voted for and what it acknowledged; if
 * it voted again, acknowledged writes could be lost (raft.md scenario 63). etcd refuses the same
 * ("has already been bootstrapped").
 */
final class Newcomer {
    /** How long the others may take; those of a new group are mostly not there yet. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final Membership membership;
    private final Transport transport;
    private final Loop loop;

    Newcomer(Membership membership, Transport transport, Loop loop) {
        this.membership = membership;
        this.transport = transport;
        this.loop = loop;
    }

    /**
     * Completes when all have answered, or had time to; fails with an {@link IOException} in words
     * for a person if one of them knows this member.
     */
    CompletableFuture<Void> admitted() {
        PeerRequest question = PeerRequest.newBuilder().setKnownMember(membership.self()).build();
        CompletableFuture<Void> admitted = new CompletableFuture<>();
        List<CompletableFuture<Boolean>> answers =
                membership.members().stream()
                        .filter(peer -> peer.id() != membership.self())
                        .map(peer ->
                                transport
                                        .ask(peer.id(), question)
                                        .thenApply(PeerReply::getKnown)
                                        .exceptionally(_ -> false))
                        .toList();
        for (CompletableFuture<Boolean> answer : answers) {
            CompletableFuture<Void> _ =
                    answer.thenAccept(known -> {
                        if (known) {
                            admitted.completeExceptionally(refusal());
                        }
                    });
        }
        CompletableFuture<Void> _ =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenAccept(_ -> admitted.complete(null));
        loop.after(PATIENCE_NANOS, () -> admitted.complete(null));
        return admitted;
    }

    private IOException refusal() {
        return new IOException(
                "member "
                        + Long.toHexString(membership.self())
                        + " has already been bootstrapped: it took part in this cluster before, but"
                        + " has no log now, and a member that forgot what it acknowledged must not"
                        + " vote. Give it its data directory back; or have it come as a new member:"
                        + " etcdctl member remove "
                        + Long.toHexString(membership.self())
                        + ", etcdctl member add, then start it with what that prints"
                        + " (--initial-cluster-state=existing among it) and an empty data"
                        + " directory");
    }
}
