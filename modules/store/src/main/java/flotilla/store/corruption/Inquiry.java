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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Asks all other members what their states come to. */
final class Inquiry {
    /**
     * How often one is asked that takes its time: with the five seconds that an answer may take,
     * five minutes of reading its keys.
     */
    private static final int ROUNDS_MAX = 60;

    private final OtherStates others;
    private final Duration pause;
    private final boolean waits;

    /**
     * What came of it.
     *
     * @param silent why those did not answer who did not
     */
    record Answers(Map<Long, StateHash> states, Map<Long, String> silent) {}

    private Inquiry(OtherStates others, Duration pause, boolean waits) {
        this.others = others;
        this.pause = pause;
        this.waits = waits;
    }

    /** Of those that are here now, as they are. */
    static Inquiry atOnce(OtherStates others, Duration pause) {
        return new Inquiry(others, pause, false);
    }

    /** One that asks those again that are behind, for they may be about to come up. */
    static Inquiry waiting(OtherStates others, Duration pause) {
        return new Inquiry(others, pause, true);
    }

    /** Blocks until all have answered, can't be reached, or had their time. */
    Answers ask(long revision) throws InterruptedException {
        long check = ThreadLocalRandom.current().nextLong();
        Answers answers = new Answers(new TreeMap<>(), new TreeMap<>());
        Set<Long> open =
                others.members().stream()
                        .map(Membership.Peer::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (int round = 0; !open.isEmpty() && round < ROUNDS_MAX; round++) {
            if (round > 0) {
                Thread.sleep(pause);
            }
            Map<Long, CompletableFuture<StateHash>> asked = new LinkedHashMap<>();
            open.forEach(member -> asked.put(member, others.hash(member, revision, check)));
            for (var each : asked.entrySet()) {
                if (isSettled(each.getKey(), each.getValue(), revision, answers)) {
                    open.remove(each.getKey());
                }
            }
        }
        return answers;
    }

    private boolean isSettled(
            long member, CompletableFuture<StateHash> answer, long revision, Answers answers)
            throws InterruptedException {
        try {
            StateHash state = answer.get();
            answers.states().put(member, state);
            answers.silent().remove(member);
            return !waits || state.hash().isPresent() || state.revision() >= revision;
        } catch (ExecutionException _) {
            Throwable cause = answer.exceptionNow();
            if (!answers.states().containsKey(member)) {
                answers.silent().put(member, String.valueOf(cause.getMessage()));
            }
            return !(cause instanceof IOException) || cause instanceof Transport.Unsent;
        }
    }
}
