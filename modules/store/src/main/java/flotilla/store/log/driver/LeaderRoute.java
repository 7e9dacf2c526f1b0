package flotilla.store.log.driver;

import com.google.protobuf.UnsafeByteOperations;
import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.log.Transport;
import flotilla.store.log.driver.Proposer.Sent;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings batches into the log of whoever leads. Belongs to the core's loop. */
final class LeaderRoute implements Proposer.Route {
    private final Leader leader;
    private final Steps steps;
    private final Transport transport;
    private final Executor loop;

    LeaderRoute(Leader leader, Steps steps, Transport transport, Executor loop) {
        this.leader = leader;
        this.steps = steps;
        this.transport = transport;
        this.loop = loop;
    }

    /** Into this member's log, if it leads. */
    void propose(byte[] batch, Consumer<Outcome> answer) {
        steps.give(new Input.Propose(List.of(batch)), answer);
    }

    @Override
    public boolean send(byte[] batch, Consumer<Sent> result) {
        long to = leader.get();
        if (to == 0) {
            return false;
        }
        if (to == leader.self()) {
            propose(
                    batch,
                    outcome ->
                            result.accept(
                                    outcome instanceof Outcome.Refused
                                            ? Sent.REFUSED
                                            : Sent.APPENDED));
            return true;
        }
        PeerRequest request =
                PeerRequest.newBuilder()
                        .setProposal(UnsafeByteOperations.unsafeWrap(batch))
                        .build();
        CompletableFuture<PeerReply> _ =
                transport
                        .ask(to, request)
                        .whenComplete((reply, problem) ->
                                loop.execute(() -> result.accept(sent(reply, problem))));
        return true;
    }

    private static Sent sent(PeerReply reply, @Nullable Throwable problem) {
        if (problem != null) {
            Throwable cause = problem.getCause() == null ? problem : problem.getCause();
            return cause instanceof Transport.Unsent ? Sent.REFUSED : Sent.UNKNOWN;
        }
        return switch (reply.getOutcome()) {
            case OK -> Sent.APPENDED;
            case REFUSED ->
                    reply.getRefusal().equals(EtcdError.UNREADABLE.name())
                            ? Sent.UNREADABLE
                            : Sent.REFUSED;
            case UNKNOWN, BEGUN, UNRECOGNIZED -> Sent.UNKNOWN;
        };
    }
}
