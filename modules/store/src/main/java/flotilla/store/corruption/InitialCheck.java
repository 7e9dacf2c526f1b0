package flotilla.store.corruption;

import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.StateHash;
import flotilla.store.log.StateMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a member's state with the others' before it takes part: what differs must neither vote
 * nor answer. Who doesn't answer, or can't tell, is passed over, for all may be starting.
 */
public final class InitialCheck {
    private static final Logger log = LoggerFactory.getLogger(InitialCheck.class);

    /** Before a member that is still reading its keys is asked again. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final long self;
    private final StateMachine machine;
    private final Means means;

    public InitialCheck(long self, StateMachine machine, Means means) {
        this.self = self;
        this.machine = machine;
        this.means = means;
    }

    /** Fails with an {@link IOException} in words for a person if another one's state differs. */
    public CompletableFuture<Void> passed(OtherStates others) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        CompletableFuture<Optional<String>> _ =
                CompletableFuture.supplyAsync(() -> machine.hashAt(0), means.worker())
                        .thenComposeAsync(own -> compared(own, others), means.loop())
                        .whenComplete((refusal, failure) -> {
                            if (failure != null) {
                                passed.completeExceptionally(failure);
                            } else if (refusal.isPresent()) {
                                passed.completeExceptionally(new IOException(refusal.get()));
                            } else {
                                passed.complete(null);
                            }
                        });
        return passed;
    }

    /** What speaks against this member. */
    private CompletableFuture<Optional<String>> compared(StateHash own, OtherStates others) {
        Map<Long, Membership.Peer> peers =
                others.members().stream()
                        .collect(Collectors.toMap(Membership.Peer::id, Function.identity()));
        return Inquiry.atOnce(others, means, AGAIN)
                .ask(own)
                .thenApply(answers -> compared(own, peers, answers));
    }

    private Optional<String> compared(
            StateHash own, Map<Long, Membership.Peer> peers, Inquiry.Answers answers) {
        Comparison comparison = new Comparison(self, own, answers.states());
        Set<Long> different = comparison.different();
        if (!different.isEmpty()) {
            return Optional.of(refusal(own, names(different, peers)));
        }
        Set<Long> compared = comparison.compared();
        peers.forEach((id, peer) -> {
            if (!compared.contains(id)) {
                log.warn(
                        "not compared with member {}: {}",
                        name(peer),
                        why(answers, id, own.compactRevision()));
            }
        });
        log.info(
                "compared the state up to revision {} with {} of {} other members: 0 differ",
                own.revision(),
                compared.size(),
                peers.size());
        return Optional.empty();
    }

    private static String why(Inquiry.Answers answers, long id, long compactRevision) {
        StateHash state = answers.states().get(id);
        if (state == null) {
            return answers.silent().getOrDefault(id, "it did not answer");
        }
        return state.compactRevision() == compactRevision
                ? "it is at revision " + state.revision() + " only"
                : "it is compacted up to revision %d, this one up to %d"
                        .formatted(state.compactRevision(), compactRevision);
    }

    /** Clients are refused the hash of a compacted revision, as by etcd; of the newest never. */
    private String refusal(StateHash own, String peers) {
        return "found data inconsistency with peers: up to revision "
                + own.revision()
                + " the state of this member, "
                + Long.toHexString(self)
                + ", differs from that of "
                + peers
                + ". It takes no part, and nothing was changed. If the others agree with each"
                + " other (etcdctl endpoint hashkv --rev="
                + (own.revision() == own.compactRevision() ? 0 : own.revision())
                + "), delete member/state/live in this one's data directory and start it again:"
                + " its state is made anew from a checkpoint and the log. Or start it without"
                + " --experimental-initial-corrupt-check to have it take part as it is";
    }

    private static String names(Set<Long> members, Map<Long, Membership.Peer> peers) {
        return members.stream()
                .map(peers::get)
                .map(InitialCheck::name)
                .collect(Collectors.joining(", "));
    }

    private static String name(Membership.Peer peer) {
        return "%s (%x, %s)".formatted(peer.name(), peer.id(), String.join(",", peer.peerUrls()));
    }
}
