package flotilla.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of a history's operations in which one store, doing one after the other, would
 * have answered as it did: each takes effect at some moment between its call and its return.
 *
 * <p>The search is Wing and Gong's ("Testing and verifying concurrent objects", 1993) with Lowe's
 * memory ("Testing for linearizability", 2017): of the operations that were called before any that
 * is not yet placed had returned, try one after the other; never twice the same set of placed
 * operations with the same state. It is exponential in how many overlap, so it has a budget.
 *
 * <p>An operation without an answer may be placed anywhere behind its call, or nowhere. Each such
 * one doubles what must be searched in the worst case: who knows that it never took effect, or that
 * it did, should leave it out or say so.
 */
public final class Linearizability<S, I, O> {
    private final Model<S, I, O> model;
    private final long budget;
    private final Set<Configuration> seen = new HashSet<>();
    private final Deque<Placed<S, I, O>> placed = new ArrayDeque<>();
    private final BitSet done = new BitSet();
    private final Event<I, O> head = new Event<>(null, -1, false);
    private int awaited;
    private S state;
    private int furthest = -1;
    private @Nullable Operation<I, O> stuck;

    /** Which operations are placed, and what came of it. */
    private record Configuration(BitSet done, @Nullable Object state) {}

    /** How to take a placed operation back. */
    private record Placed<S, I, O>(Event<I, O> call, S before) {}

    /** A call or a return, in a list in order of time. */
    private static final class Event<I, O> {
        final @Nullable Operation<I, O> operation;
        final int number;
        final boolean isReturn;
        @Nullable Event<I, O> previous;
        @Nullable Event<I, O> next;
        @Nullable Event<I, O> answer;

        Event(@Nullable Operation<I, O> operation, int number, boolean isReturn) {
            this.operation = operation;
            this.number = number;
            this.isReturn = isReturn;
        }

        Operation<I, O> operation() {
            return Objects.requireNonNull(operation);
        }

        void leave() {
            Objects.requireNonNull(previous).next = next;
            if (next != null) {
                next.previous = previous;
            }
        }

        void comeBack() {
            Objects.requireNonNull(previous).next = this;
            if (next != null) {
                next.previous = this;
            }
        }
    }

    private Linearizability(Model<S, I, O> model, long budget) {
        this.model = model;
        this.budget = budget;
        this.state = model.initial();
    }

    /**
     * Checks a history.
     *
     * @param budget how many times the model may be asked
     */
    public static <S, I, O> Verdict check(
            List<Operation<I, O>> history, Model<S, I, O> model, long budget) {
        Linearizability<S, I, O> search = new Linearizability<>(model, budget);
        search.list(history);
        return search.run();
    }

    private void list(List<Operation<I, O>> history) {
        List<Event<I, O>> events = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Operation<I, O> operation = history.get(i);
            Event<I, O> call = new Event<>(operation, i, false);
            events.add(call);
            if (!operation.isUnknown()) {
                Event<I, O> answer = new Event<>(operation, i, true);
                call.answer = answer;
                events.add(answer);
                awaited++;
            }
        }
        // What is called at the moment of another's return may still overlap it.
        events.sort(
                Comparator.<Event<I, O>>comparingLong(event ->
                                event.isReturn
                                        ? event.operation().returned()
                                        : event.operation().called())
                        .thenComparing(event -> event.isReturn));
        Event<I, O> last = head;
        for (Event<I, O> event : events) {
            last.next = event;
            event.previous = last;
            last = event;
        }
    }

    /**
     * What has an answer is tried first, for its answer mostly says whether it is next; what has
     * none would fit almost anywhere.
     */
    private Verdict run() {
        Event<I, O> at = head.next;
        boolean unknowns = false;
        for (long steps = 0; awaited > 0; ) {
            Event<I, O> event = Objects.requireNonNull(at);
            if (event.isReturn && !unknowns) {
                unknowns = true;
                at = head.next;
            } else if (event.isReturn) {
                noteStuck(event);
                if (placed.isEmpty()) {
                    return new Verdict.Broken(Objects.requireNonNull(stuck), furthest);
                }
                unknowns = placed.element().call().operation().isUnknown();
                at = takeBack();
            } else if (event.operation().isUnknown() != unknowns) {
                at = event.next;
            } else if (++steps > budget) {
                return new Verdict.OutOfBudget(budget);
            } else if (place(event)) {
                unknowns = false;
                at = head.next;
            } else {
                at = event.next;
            }
        }
        return new Verdict.Linearizable();
    }

    /** Places an operation next, if its answer fits and that hasn't been tried. */
    private boolean place(Event<I, O> call) {
        Operation<I, O> operation = call.operation();
        Model.Step<S, O> step = model.step(state, operation.request());
        boolean fits =
                operation.isUnknown()
                        // Where it changes nothing it may as well never have been.
                        ? !Objects.equals(step.state(), state)
                        : step.answer().equals(operation.answer());
        if (!fits) {
            return false;
        }
        done.set(call.number);
        if (!seen.add(new Configuration((BitSet) done.clone(), step.state()))) {
            done.clear(call.number);
            return false;
        }
        placed.push(new Placed<>(call, state));
        state = step.state();
        call.leave();
        if (call.answer != null) {
            call.answer.leave();
            awaited--;
        }
        return true;
    }

    private @Nullable Event<I, O> takeBack() {
        Placed<S, I, O> last = placed.pop();
        Event<I, O> call = last.call();
        if (call.answer != null) {
            call.answer.comeBack();
            awaited++;
        }
        call.comeBack();
        done.clear(call.number);
        state = last.before();
        return call.next;
    }

    private void noteStuck(Event<I, O> event) {
        if (placed.size() > furthest) {
            furthest = placed.size();
            stuck = event.operation();
        }
    }
}
