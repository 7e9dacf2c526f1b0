package flotilla.fleet.engine;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.job.Deed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How decisions are carried out, one transaction after the other. Those of one kind share one while
 * their conditions hold; where those don't, each is tried alone, and refused if it is void: the
 * change that voided it brings a better one. Once the store does not answer nothing more is tried:
 * the rest is refused, and decided anew.
 */
public final class Execution {
    private final Deque<Bundle> waiting = new ArrayDeque<>();
    private final List<Event> outcomes = new ArrayList<>();

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     * @param operationsMax that a transaction may have, as of {@link Transaction#size}
     */
    public Execution(List<Carry> decided, long nowMillis, int operationsMax) {
        Bundle last = null;
        for (Carry carry : decided) {
            Step step =
                    new Step(
                            carry,
                            Transaction.of(carry.decision(), nowMillis),
                            Chronicle.of(carry.decision(), nowMillis));
            if (last == null || !last.admits(step, operationsMax)) {
                last = new Bundle(new ArrayList<>());
                waiting.add(last);
            }
            last.steps.add(step);
        }
    }

    private record Step(Carry carry, Transaction part, List<Deed> deeds) {
        /** With its lines of history, which are operations without conditions. */
        int size() {
            int operations = part.puts().size() + part.deletes().size();
            return Math.max(part.size(), operations + Chronicle.OPERATIONS * deeds.size());
        }
    }

    /** Decisions that are one transaction: on the conditions of all, or not at all. */
    public static final class Bundle {
        private final List<Step> steps;

        private Bundle(List<Step> steps) {
            this.steps = steps;
        }

        private boolean admits(Step step, int operationsMax) {
            int size = steps.stream().mapToInt(Step::size).sum();
            return steps.getLast().carry.decision().getClass() == step.carry.decision().getClass()
                    && size + step.size() <= operationsMax;
        }

        /** None twice. */
        public List<Condition> conditions() {
            return parts().flatMap(part -> part.conditions().stream()).distinct().toList();
        }

        public List<Entry> puts() {
            return parts().flatMap(part -> part.puts().stream()).toList();
        }

        public List<Key> deletes() {
            return parts().flatMap(part -> part.deletes().stream()).toList();
        }

        /** What is written to history with it. */
        public List<Deed> deeds() {
            return steps.stream().flatMap(step -> step.deeds.stream()).toList();
        }

        public List<Decision> decisions() {
            return steps.stream().map(step -> step.carry.decision()).toList();
        }

        private Stream<Transaction> parts() {
            return steps.stream().map(Step::part);
        }
    }

    /** What to commit now; empty when it is over. It stays the next until its outcome is told. */
    public Optional<Bundle> next() {
        return Optional.ofNullable(waiting.peek());
    }

    /**
     * The store has taken it.
     *
     * @param revision at which
     */
    public void done(long revision) {
        for (Step step : waiting.remove().steps) {
            outcomes.add(new Event.Done(step.carry.number(), revision));
        }
    }

    /** Its conditions did not all hold. */
    public void refused() {
        List<Step> steps = waiting.remove().steps;
        if (steps.size() == 1) {
            outcomes.add(new Event.Refused(steps.getFirst().carry.number()));
        } else {
            steps.reversed().forEach(step -> waiting.addFirst(new Bundle(List.of(step))));
        }
    }

    /** Nobody knows whether the store has taken it, or will. */
    public void unknown() {
        for (Step step : waiting.remove().steps) {
            outcomes.add(new Event.Unknown(step.carry.number()));
        }
        for (Bundle untried : waiting) {
            untried.steps.forEach(step -> outcomes.add(new Event.Refused(step.carry.number())));
        }
        waiting.clear();
    }

    /** What came of each decision, once it is over. */
    public List<Event> outcomes() {
        return List.copyOf(outcomes);
    }
}
