package flotilla.store.log.driver;

import com.google.protobuf.ByteString;
import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.raft.Status;
import flotilla.raft.log.Entry;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.StrictCheck;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.log.Transport;
import flotilla.store.peer.MemberWish;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Changes of the members: brings what is wished here to the leader, which checks and proposes it,
 * and answers when this member has applied it. A change of unknown fate is not sent again: members
 * come and go once. Belongs to the core's loop, but for what is said.
 */
final class MemberChanges {
    /** etcd's default of max-learners. */
    static final int LEARNERS_MAX = 1;

    /** Pause before the leader is asked again, where there is none or one change is under way. */
    private static final long AGAIN_NANOS = 20_000_000;

    /** What it needs to know. */
    record View(Steps steps, Leader leader, Supplier<MemberBook> book) {}

    private final View view;
    private final long origin;
    private final long timeoutNanos;
    private final Steps steps;
    private final Transport transport;
    private final Workers workers;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Applied>> waiting = new ConcurrentHashMap<>();

    MemberChanges(View view, Requests requests, Transport transport, Workers workers) {
        this.view = view;
        this.origin = requests.origin();
        this.timeoutNanos = requests.timeoutNanos();
        this.steps = view.steps();
        this.transport = transport;
        this.workers = workers;
    }

    private Executor loop() {
        return workers.core();
    }

    /** From any thread. */
    CompletableFuture<Applied> change(Wish wish) {
        long number = numbers.incrementAndGet();
        MemberChange change =
                MemberChange.of(wish, new MemberChange.Source(origin, number, LEARNERS_MAX));
        CompletableFuture<Applied> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        long deadline = workers.core().clock().nanos() + timeoutNanos;
        loop().execute(() -> {
            workers.core().after(timeoutNanos, () -> end(number, EtcdError.TIMEOUT));
            send(change, deadline);
        });
        return answer;
    }

    private void send(MemberChange change, long deadline) {
        long number = change.source().number();
        if (!waiting.containsKey(number)) {
            return;
        }
        long leader = view.leader().get();
        if (leader == 0) {
            again(change, deadline, EtcdError.NO_LEADER);
        } else if (leader == view.leader().self()) {
            propose(
                    change,
                    refusal -> {
                        if (!refusal.isEmpty()) {
                            refused(change, deadline, EtcdError.named(refusal));
                        }
                    });
        } else {
            MemberWish wish =
                    MemberWish.newBuilder()
                            .setKind(change.kind().number())
                            .setChange(ByteString.copyFrom(change.bytes()))
                            .build();
            CompletableFuture<PeerReply> _ =
                    transport
                            .ask(leader, PeerRequest.newBuilder().setMemberWish(wish).build())
                            .whenComplete((reply, problem) ->
                                    loop().execute(() -> {
                                        if (problem == null) {
                                            heard(change, deadline, reply);
                                        }
                                    }));
        }
    }

    /** Nothing is known of what is not refused: it waits, to be applied here. */
    private void heard(MemberChange change, long deadline, PeerReply reply) {
        if (reply.getOutcome() == PeerReply.Outcome.REFUSED) {
            refused(change, deadline, EtcdError.named(reply.getRefusal()));
        }
    }

    /** It certainly is in no log. */
    private void refused(MemberChange change, long deadline, EtcdError error) {
        if (error == EtcdError.NOT_LEADER || error == EtcdError.TOO_MANY_REQUESTS) {
            again(change, deadline, error);
        } else {
            end(change.source().number(), error);
        }
    }

    private void again(MemberChange change, long deadline, EtcdError otherwise) {
        Loop loop = workers.core();
        if (loop.clock().nanos() + AGAIN_NANOS - deadline >= 0) {
            end(change.source().number(), otherwise);
        } else {
            loop.after(AGAIN_NANOS, () -> send(change, deadline));
        }
    }

    /** The change of that number was applied here; on the thread that applies. */
    void applied(long number, Applied answer) {
        CompletableFuture<Applied> waiter = waiting.remove(number);
        if (waiter != null) {
            workers.replies().execute(() -> waiter.complete(answer));
        }
    }

    private void end(long number, EtcdError error) {
        CompletableFuture<Applied> waiter = waiting.remove(number);
        if (waiter != null) {
            workers.replies().execute(() -> waiter.completeExceptionally(new EtcdException(error)));
        }
    }

    void close() {
        waiting.keySet().forEach(number -> end(number, EtcdError.STOPPED));
    }

    /** What another member wishes of this one as its leader. */
    CompletableFuture<PeerReply> asked(MemberWish wish) {
        CompletableFuture<PeerReply> answer = new CompletableFuture<>();
        MemberChange change;
        try {
            change =
                    MemberChange.parse(
                            Entry.Kind.of(wish.getKind()), wish.getChange().toByteArray());
        } catch (UnreadableEntry | IllegalArgumentException e) {
            answer.complete(refused(EtcdError.UNREADABLE.name()));
            return answer;
        }
        loop().execute(() -> propose(change, refusal -> answer.complete(refused(refusal))));
        return answer;
    }

    private static PeerReply refused(String refusal) {
        return PeerReply.newBuilder()
                .setOutcome(refusal.isEmpty() ? PeerReply.Outcome.OK : PeerReply.Outcome.REFUSED)
                .setRefusal(refusal)
                .build();
    }

    /** Told the name of the error that speaks against a change, or nothing. */
    @FunctionalInterface
    interface Verdict {
        void hear(String refusal);
    }

    private void propose(MemberChange change, Verdict verdict) {
        try {
            check(change);
        } catch (EtcdException e) {
            verdict.hear(e.error().name());
            return;
        }
        steps.give(
                new Input.ProposeChange(change.change(), change.kind(), change.bytes()),
                outcome -> verdict.hear(refusal(outcome)));
    }

    private static String refusal(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Appended _, Outcome.Started _ -> "";
            case Outcome.Refused(Outcome.Why why, _, _) ->
                    switch (why) {
                        case NOT_LEADER, LEAVING, TRANSFERRING -> EtcdError.NOT_LEADER.name();
                        case BUSY, CHANGE_PENDING -> EtcdError.TOO_MANY_REQUESTS.name();
                        case INVALID -> EtcdError.NOT_ENOUGH_STARTED_MEMBERS.name();
                    };
        };
    }

    /**
     * What every member would refuse, and what only the leader can know. It judges by the members
     * that are applied here: a change that is in the log and not among them has the core refuse
     * this one, and it is judged anew when that was applied.
     */
    private void check(MemberChange change) {
        Status status = steps.status();
        MemberBook book = view.book().get();
        var _ = book.after(change);
        StrictCheck strict =
                new StrictCheck(
                        book,
                        new StrictCheck.Reach(
                                view.leader().self(),
                                transport::reachedSince,
                                workers.core().clock().nanos()));
        for (Wish wish : change.wishes()) {
            if (wish instanceof Wish.Promote(long id) && !isReady(status, id)) {
                throw new EtcdException(EtcdError.LEARNER_NOT_READY);
            }
            strict.refusal(wish)
                    .ifPresent(error -> {
                        throw new EtcdException(error);
                    });
        }
    }

    private static boolean isReady(Status status, long learner) {
        return status.peers().stream()
                .anyMatch(peer ->
                        peer.id() == learner && StrictCheck.isReady(peer.match(), status.stored()));
    }
}
