package flotilla.store.log.driver;

import flotilla.store.log.StateHash;
import flotilla.store.log.StateMachine;
import flotilla.store.peer.HashAnswer;
import flotilla.store.peer.HashQuestion;
import flotilla.store.peer.PeerReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Tells other members what this one's state comes to, beside everything else. A pass over a large
 * store may take longer than its asker waits for an answer: who asks again is given the same pass.
 */
final class HashDesk {
    /** Passes that are remembered for who asks again: twice as many as members found a cluster. */
    private static final int PASSES_MAX = 16;

    private final StateMachine machine;
    private final Executor worker;
    private final Map<Long, CompletableFuture<PeerReply>> passes = new LinkedHashMap<>();

    /**
     * @param worker may be kept busy for long
     */
    HashDesk(StateMachine machine, Executor worker) {
        this.machine = machine;
        this.worker = worker;
    }

    synchronized CompletableFuture<PeerReply> answer(HashQuestion question) {
        CompletableFuture<PeerReply> before = passes.remove(question.getCheck());
        CompletableFuture<PeerReply> pass =
                before != null && stands(before) ? before : begin(question.getRevision());
        passes.put(question.getCheck(), pass);
        if (passes.size() > PASSES_MAX) {
            passes.remove(passes.keySet().iterator().next());
        }
        return pass;
    }

    /** A state that was behind has come further since. */
    private static boolean stands(CompletableFuture<PeerReply> pass) {
        return !pass.isDone()
                || (!pass.isCompletedExceptionally() && pass.resultNow().getHash().hasHash());
    }

    private CompletableFuture<PeerReply> begin(long revision) {
        return CompletableFuture.supplyAsync(() -> reply(machine.hashAt(revision)), worker);
    }

    private static PeerReply reply(StateHash state) {
        HashAnswer.Builder answer =
                HashAnswer.newBuilder()
                        .setApplied(state.applied())
                        .setRevision(state.revision())
                        .setCompactRevision(state.compactRevision());
        state.hash().ifPresent(answer::setHash);
        return PeerReply.newBuilder().setHash(answer).build();
    }
}
