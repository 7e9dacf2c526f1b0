package flotilla.store.log.peer;

import flotilla.store.log.Transport.Unsent;
import flotilla.store.peer.PeerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The questions that wait for an answer, the oldest first. On the loop. */
final class Asks {
    private final int most;
    private final Duration patience;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private long next;

    private static final class Waiting {
        private final long member;
        private final long deadline;
        private final CompletableFuture<PeerReply> answer;

        /** Whether a byte of it may have left. */
        private boolean left;

        Waiting(long member, long deadline, CompletableFuture<PeerReply> answer) {
            this.member = member;
            this.deadline = deadline;
            this.answer = answer;
        }

        void fail(String why) {
            String member = "member " + Long.toHexString(this.member);
            answer.completeExceptionally(
                    left
                            ? new IOException(
                                    "no answer from "
                                            + member
                                            + ": "
                                            + why
                                            + "; whether it acted"
                                            + " on the question is unknown")
                            : new Unsent("nothing was sent to " + member + ": " + why));
        }
    }

    /**
     * @param first number; by chance, or an answer to a question of this member's earlier life
     *     could be taken for that to another one
     */
    Asks(int most, Duration patience, long first) {
        this.most = most;
        this.next = first;
        this.patience = patience;
    }

    /**
     * @return the question's number; none if it can't be put, and the answer has failed
     */
    OptionalLong put(long member, long now, CompletableFuture<PeerReply> answer) {
        Waiting asked = new Waiting(member, now + patience.toNanos(), answer);
        if (waiting.size() >= most) {
            asked.fail(most + " questions wait for an answer already");
            return OptionalLong.empty();
        }
        waiting.put(next, asked);
        return OptionalLong.of(next++);
    }

    /** It is on its way: from now on only its answer tells what became of it. */
    void leaves(long question) {
        Waiting asked = waiting.get(question);
        if (asked != null) {
            asked.left = true;
        }
    }

    /** An answer that nobody waits for any more is dropped. */
    void answered(long member, long question, PeerReply reply) {
        Waiting asked = take(member, question);
        if (asked != null) {
            asked.answer.complete(reply);
        }
    }

    void failed(long member, long question, String why) {
        Waiting asked = take(member, question);
        if (asked != null) {
            asked.fail(why);
        }
    }

    /** Only who was asked can answer. */
    private @Nullable Waiting take(long member, long question) {
        Waiting asked = waiting.get(question);
        if (asked == null || asked.member != member) {
            return null;
        }
        waiting.remove(question);
        return asked;
    }

    /** No more will be heard of those that have left. */
    void broken(long member) {
        failAll(asked -> asked.member == member && asked.left, "the connection broke");
    }

    void expire(long now) {
        for (Iterator<Waiting> each = waiting.values().iterator(); each.hasNext(); ) {
            Waiting asked = each.next();
            if (now - asked.deadline < 0) {
                return;
            }
            each.remove();
            asked.fail("it took longer than " + patience.toMillis() + " ms");
        }
    }

    void close() {
        failAll(_ -> true, "this member closes");
    }

    /** A question may be put anew as soon as its future fails: first all are taken out. */
    private void failAll(Predicate<Waiting> which, String why) {
        var failing = waiting.entrySet().stream().filter(e -> which.test(e.getValue())).toList();
        failing.forEach(entry -> waiting.remove(entry.getKey()));
        failing.forEach(entry -> entry.getValue().fail(why));
    }
}
