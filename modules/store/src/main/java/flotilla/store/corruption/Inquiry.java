package flotilla.store.corruption;

import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.StateHash;
import flotilla.store.log.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Asks all other members what their states come to. Belongs to the loop, and never waits. */
final class Inquiry {
    /**
     * How often one is asked that takes its time: with the five seconds that an answer may take,
     * five minutes of reading its keys.
     */
    private static final int ROUNDS_MAX = 60;

    private final OtherStates others;
    private final Means means;
    private final Duration pause;
    private final boolean waits;

    /**
     * What came of it.
     *
     * @param silent why those did not answer who did not
     */
    record Answers(Map<Long, StateHash> states, Map<Long, String> silent) {}

    private Inquiry(OtherStates others, Means means, Duration pause, boolean waits) {
        this.others = others;
        this.means = means;
        this.pause = pause;
        this.waits = waits;
    }

    /** Of those that are here now, as they are. */
    static Inquiry atOnce(OtherStates others, Means means, Duration pause) {
        return new Inquiry(others, means, pause, false);
    }

    /** One that asks those again that are behind, for they may be about to come up. */
    static Inquiry waiting(OtherStates others, Means means, Duration pause) {
        return new Inquiry(others, means, pause, true);
    }

    /**
     * Completes on the loop when all have answered, can't be reached, or had their time.
     *
     * @param own up to whose revision they hash theirs
     */
    CompletableFuture<Answers> ask(StateHash own) {
        Set<Long> open =
                others.members().stream()
                        .map(Membership.Peer::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        return new Course(own, means.chance().nextLong(), open).round(1);
    }

    /** One inquiry, round by round. */
    private final class Course {
        private final StateHash own;
        private final long check;
        private final Set<Long> open;
        private final Answers answers = new Answers(new TreeMap<>(), new TreeMap<>());

        /**
         * @param open who has yet to answer
         */
        Course(StateHash own, long check, Set<Long> open) {
            this.own = own;
            this.check = check;
            this.open = open;
        }

        CompletableFuture<Answers> round(int number) {
            Map<Long, CompletableFuture<StateHash>> asked = new LinkedHashMap<>();
            open.forEach(member -> asked.put(member, others.hash(member, own.revision(), check)));
            return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                    .handle((_, _) -> asked)
                    .thenComposeAsync(all -> heard(all, number), means.loop());
        }

        private CompletableFuture<Answers> heard(
                Map<Long, CompletableFuture<StateHash>> asked, int number) {
            asked.forEach((member, answer) -> {
                if (isSettled(member, answer)) {
                    open.remove(member);
                }
            });
            return open.isEmpty() || number == ROUNDS_MAX
                    ? CompletableFuture.completedFuture(answers)
                    : means.pause(pause).thenCompose(_ -> round(number + 1));
        }

        private boolean isSettled(long member, CompletableFuture<StateHash> answer) {
            if (answer.isCompletedExceptionally()) {
                return isSettled(member, answer.exceptionNow());
            }
            StateHash state = answer.resultNow();
            answers.states().put(member, state);
            answers.silent().remove(member);
            return !waits || state.hash().isPresent() || !isBehind(state);
        }

        /** One that has applied as much and is at an earlier revision will not come up. */
        private boolean isBehind(StateHash state) {
            return state.revision() < own.revision()
                    && (state.applied() == 0 || state.applied() < own.applied());
        }

        private boolean isSettled(long member, Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (!answers.states().containsKey(member)) {
                answers.silent().put(member, String.valueOf(cause.getMessage()));
            }
            return !(cause instanceof IOException) || cause instanceof Transport.Unsent;
        }
    }
}
