package flotilla.store.log.driver;

import com.google.protobuf.ByteString;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.log.ReplicatedLog.LeaderDesk;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/** Puts questions that only a leader can answer to whoever leads. From any thread. */
final class LeaderQuestions {
    /** Pause before a leader that was not there is asked again. */
    private static final long AGAIN_NANOS = 20_000_000;

    private final Leadership leadership;
    private final LeaderDesk desk;
    private final Transport transport;
    private final LongSupplier leader;
    private final Loop loop;
    private volatile boolean closed;

    /** Who can answer. */
    record Leaders(Leadership own, LeaderDesk desk, LongSupplier known) {}

    LeaderQuestions(Leaders leaders, Transport transport, Loop loop) {
        this.leadership = leaders.own();
        this.desk = leaders.desk();
        this.leader = leaders.known();
        this.transport = transport;
        this.loop = loop;
    }

    /** Asks again while there is no leader, or one that is not ready yet: such questions may be. */
    CompletableFuture<ByteString> ask(ByteString question, long deadlineNanos) {
        CompletableFuture<ByteString> answer =
                leadership.ledTerm() != 0 ? asLeader(question) : other(question);
        return answer.exceptionallyCompose(problem -> {
            boolean again =
                    isNoLeader(problem) && loop.clock().nanos() - deadlineNanos < 0 && !closed;
            if (!again) {
                return CompletableFuture.failedFuture(problem);
            }
            CompletableFuture<Void> pause = new CompletableFuture<>();
            loop.execute(() -> loop.after(AGAIN_NANOS, () -> pause.complete(null)));
            return pause.thenCompose(_ -> ask(question, deadlineNanos));
        });
    }

    /** What this member says, if it leads. */
    CompletableFuture<ByteString> asLeader(ByteString question) {
        return leadership.ledTerm() == 0 ? failed(EtcdError.NOT_LEADER) : desk.answer(question);
    }

    void close() {
        closed = true;
    }

    private CompletableFuture<ByteString> other(ByteString question) {
        long to = leader.getAsLong();
        if (to == 0 || closed) {
            return failed(closed ? EtcdError.STOPPED : EtcdError.NO_LEADER);
        }
        return transport
                .ask(to, PeerRequest.newBuilder().setQuestion(question).build())
                .handle((reply, failure) -> {
                    if (failure != null) {
                        throw new EtcdException(EtcdError.TIMEOUT);
                    }
                    return switch (reply.getOutcome()) {
                        case OK -> reply;
                        case REFUSED -> throw new EtcdException(EtcdError.NOT_LEADER);
                        case UNKNOWN, BEGUN, UNRECOGNIZED ->
                                throw new EtcdException(EtcdError.TIMEOUT);
                    };
                })
                .thenApply(PeerReply::getAnswer);
    }

    private static boolean isNoLeader(Throwable problem) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        return cause instanceof EtcdException refusal
                && (refusal.error() == EtcdError.NO_LEADER
                        || refusal.error() == EtcdError.NOT_LEADER);
    }

    private static CompletableFuture<ByteString> failed(EtcdError error) {
        return CompletableFuture.failedFuture(new EtcdException(error));
    }
}
