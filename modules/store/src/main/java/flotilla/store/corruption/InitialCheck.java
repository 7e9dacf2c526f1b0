package flotilla.store.corruption;

import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.StateHash;
import flotilla.store.log.StateMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
    private final Executor worker;

    /**
     * @param worker may be kept busy for long
     */
    public InitialCheck(long self, StateMachine machine, Executor worker) {
        this.self = self;
        this.machine = machine;
        this.worker = worker;
    }

    /** Fails with an {@link IOException} in words for a person if another one's state differs. */
    public CompletableFuture<Void> passed(OtherStates others) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        worker.execute(() -> {
            try {
                check(others);
                passed.complete(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                passed.completeExceptionally(e);
            } catch (IOException | RuntimeException e) {
                passed.completeExceptionally(e);
            }
        });
        return passed;
    }

    private void check(OtherStates others) throws IOException, InterruptedException {
        StateHash own = machine.hashAt(0);
        Map<Long, Membership.Peer> peers =
                others.members().stream()
                        .collect(Collectors.toMap(Membership.Peer::id, Function.identity()));
        Inquiry.Answers answers = Inquiry.atOnce(others, AGAIN).ask(own.revision());
        Comparison comparison = new Comparison(self, own, answers.states());
        Set<Long> different = comparison.different();
        if (!different.isEmpty()) {
            throw new IOException(refusal(own, names(different, peers)));
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

    private String refusal(StateHash own, String peers) {
        return "found data inconsistency with peers: up to revision "
                + own.revision()
                + " the state of this member, "
                + Long.toHexString(self)
                + ", differs from that of "
                + peers
                + ". It takes no part, and nothing was changed. If the others agree with each"
                + " other (etcdctl endpoint hashkv --rev="
                + own.revision()
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
