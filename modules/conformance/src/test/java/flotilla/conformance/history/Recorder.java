package flotilla.conformance.history;

import flotilla.sim.check.Operation;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What clients ask and what they see, with when. Any thread. */
final class Recorder {
    private final long beganNanos = System.nanoTime();
    private final List<Operation<Request, Answer>> told = new ArrayList<>();
    private final List<Operation<Request, Answer>> open = new ArrayList<>();
    private final List<Request> refused = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();

    /** Asks, and remembers. */
    Outcome ask(Store store, Request request) {
        long called = System.nanoTime() - beganNanos;
        Outcome outcome = store.ask(request);
        long returned = System.nanoTime() - beganNanos;
        synchronized (this) {
            switch (outcome) {
                case Outcome.Told(Answer answer) -> {
                    told.add(new Operation<>(request, answer, called, returned));
                    answers.incrementAndGet();
                }
                case Outcome.Unknown() -> open.add(Operation.unknown(request, called));
                case Outcome.Refused() -> refused.add(request);
            }
        }
        return outcome;
    }

    /** How many answers there are, refusals aside. */
    int answers() {
        return answers.get();
    }

    /**
     * For the checker. Of what has no answer the store's past knows whether it was done and what
     * came of it, never when. A past that is not true makes answers contradict each other, so
     * nothing is taken on trust.
     */
    synchronized List<Operation<Request, Answer>> operations(Past past) {
        List<Operation<Request, Answer>> operations = new ArrayList<>(told);
        open.sort(Comparator.comparingLong(Operation::called));
        Map<String, SortedSet<Long>> deletions = unclaimedDeletions(past);
        for (Operation<Request, Answer> each : open) {
            Answer came =
                    each.request() instanceof Request.Delete delete
                            ? deletion(deletions.get(delete.from()))
                            : past.answer(each.request());
            if (came != null) {
                operations.add(
                        new Operation<>(each.request(), came, each.called(), Operation.NEVER));
            }
        }
        return operations;
    }

    /** By key: when it went, and nobody was told that it was by him. */
    private Map<String, SortedSet<Long>> unclaimedDeletions(Past past) {
        Map<String, SortedSet<Long>> unclaimed = new HashMap<>();
        Client.KEYS.forEach(key -> unclaimed.put(key, past.gone(key)));
        for (Operation<Request, Answer> each : told) {
            if (each.request() instanceof Request.Delete delete
                    && each.answer() instanceof Answer.Deleted(long revision, long keys)
                    && keys > 0) {
                unclaimed.getOrDefault(delete.from(), new TreeSet<>()).remove(revision);
            }
        }
        return unclaimed;
    }

    /**
     * Deletions of one key look alike: if any of those without an answer can have made the earliest
     * of the unclaimed, then the one that was called first. The open ones are in that order.
     */
    private static @Nullable Answer deletion(@Nullable SortedSet<Long> unclaimed) {
        return unclaimed == null || unclaimed.isEmpty()
                ? null
                : new Answer.Deleted(unclaimed.removeFirst(), 1);
    }

    /** A write that was said not to be done, and is. */
    synchronized @Nullable Request refusedAndDone(Past past) {
        return refused.stream()
                .filter(request -> past.answer(request) != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized String toString() {
        return "%d answers, %d of unknown fate, %d refused"
                .formatted(told.size(), open.size(), refused.size());
    }
}
