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
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Changes of the members: brings what is wished here to the leader, which checks and proposes it,
 * and answers when this member has applied it. A change of unknown fate is not sent again: members
 * come and go once. Of a voter's removal the leader proposes the first half, and is asked again:
 * that may make a learner of the leader itself, and another lead. Belongs to the core's loop, but
 * for what is said.
 */
final class MemberChanges {
    /** etcd's default of max-learners. */
    static final int LEARNERS_MAX = 1;

    /** Pause before the leader is asked again, where there is none or one change is under way. */
    static final long AGAIN_NANOS = 20_000_000;

    /**
     * A change on its way to the leader.
     *
     * @param begun whether half of it may be in a log: then it is unknown what comes of it
     */
    private record Errand(MemberChange change, long deadline, boolean begun) {
        Errand halfDone() {
            return new Errand(change, deadline, true);
        }

        long number() {
            return change.source().number();
        }
    }

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
            send(new Errand(change, deadline, false));
        });
        return answer;
    }

    private void send(Errand errand) {
        if (!waiting.containsKey(errand.number())) {
            return;
        }
        MemberChange change = errand.change();
        long leader = view.leader().get();
        if (leader == 0) {
            again(errand, EtcdError.NO_LEADER);
        } else if (leader == view.leader().self()) {
            propose(change, reply -> heard(errand, reply));
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
                                            heard(errand, reply);
                                        }
                                    }));
        }
    }

    private void heard(Errand errand, PeerReply reply) {
        switch (reply.getOutcome()) {
            case REFUSED -> refused(errand, EtcdError.named(reply.getRefusal()));
            case BEGUN -> again(errand.halfDone(), EtcdError.TIMEOUT);
            case OK, UNKNOWN, UNRECOGNIZED -> {
                // Nothing is known of it: it waits, to be applied here.
            }
        }
    }

    /** It certainly is in no log. */
    private void refused(Errand errand, EtcdError error) {
        if (error == EtcdError.NOT_LEADER || error == EtcdError.TOO_MANY_REQUESTS) {
            again(errand, error);
        } else {
            end(errand.number(), error);
        }
    }

    private void again(Errand errand, EtcdError otherwise) {
        Loop loop = workers.core();
        if (loop.clock().nanos() + AGAIN_NANOS - errand.deadline() >= 0) {
            end(errand.number(), errand.begun() ? EtcdError.TIMEOUT : otherwise);
        } else {
            loop.after(AGAIN_NANOS, () -> send(errand));
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
            answer.complete(refused(EtcdError.UNREADABLE));
            return answer;
        }
        loop().execute(() -> propose(change, answer::complete));
        return answer;
    }

    private static PeerReply refused(EtcdError error) {
        return PeerReply.newBuilder()
                .setOutcome(PeerReply.Outcome.REFUSED)
                .setRefusal(error.name())
                .build();
    }

    private void propose(MemberChange change, Consumer<PeerReply> answer) {
        MemberBook book = view.book().get();
        try {
            check(change, book);
        } catch (EtcdException e) {
            answer.accept(refused(e.error()));
            return;
        }
        MemberChange next = firstHalf(change, book);
        PeerReply.Outcome appended =
                next.equals(change) ? PeerReply.Outcome.OK : PeerReply.Outcome.BEGUN;
        steps.give(
                new Input.ProposeChange(next.change(), next.kind(), next.bytes()),
                outcome -> answer.accept(reply(outcome, appended)));
    }

    /** A voter is demoted before it goes ({@link Wish.Remove}); anything else is done at once. */
    private static MemberChange firstHalf(MemberChange change, MemberBook book) {
        return change.wishes().size() == 1
                        && change.wishes().getFirst() instanceof Wish.Remove(long id)
                        && book.conf().voters().contains(id)
                ? MemberChange.of(new Wish.Demote(id), MemberChange.Source.NOBODY)
                : change;
    }

    private static PeerReply reply(Outcome outcome, PeerReply.Outcome appended) {
        return switch (outcome) {
            case Outcome.Appended _, Outcome.Started _ ->
                    PeerReply.newBuilder().setOutcome(appended).build();
            case Outcome.Refused(Outcome.Why why, _, _) ->
                    refused(
                            switch (why) {
                                case NOT_LEADER, LEAVING, TRANSFERRING -> EtcdError.NOT_LEADER;
                                case BUSY, CHANGE_PENDING -> EtcdError.TOO_MANY_REQUESTS;
                                case INVALID -> EtcdError.NOT_ENOUGH_STARTED_MEMBERS;
                            });
        };
    }

    /**
     * What every member would refuse, and what only the leader can know. It judges by the members
     * that are applied here: a change that is in the log and not among them has the core refuse
     * this one, and it is judged anew when that was applied.
     */
    private void check(MemberChange change, MemberBook book) {
        Status status = steps.status();
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
