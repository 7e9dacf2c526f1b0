package flotilla.store.log.driver;

import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.raft.Standing;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Leadership that is handed to another member (thesis 3.10). Belongs to the core's loop. */
final class Handovers {
    private record Waiting(long to, CompletableFuture<Void> done) {}

    private final Steps steps;
    private final Loop loop;
    private final long patienceNanos;
    private final List<Waiting> waiting = new ArrayList<>();

    Handovers(Steps steps, Loop loop, long patienceNanos) {
        this.steps = steps;
        this.loop = loop;
        this.patienceNanos = patienceNanos;
    }

    /** Completes when the member leads; fails with TIMEOUT if it is unknown whether it will. */
    void to(long member, CompletableFuture<Void> done) {
        if (!steps.status().members().voters().contains(member)) {
            fail(done, EtcdError.BAD_LEADER_TRANSFEREE);
            return;
        }
        steps.give(
                new Input.Transfer(member),
                outcome -> {
                    switch (outcome) {
                        case Outcome.Refused _ -> fail(done, EtcdError.NOT_LEADER);
                        case Outcome.Started _, Outcome.Appended _ -> {
                            waiting.add(new Waiting(member, done));
                            loop.after(patienceNanos, () -> fail(done, EtcdError.TIMEOUT));
                        }
                    }
                });
    }

    void stands(Standing standing) {
        waiting.removeIf(one -> {
            if (one.to() == standing.leader()) {
                one.done().complete(null);
            }
            return one.done().isDone();
        });
    }

    void close() {
        waiting.forEach(one -> fail(one.done(), EtcdError.STOPPED));
    }

    private static void fail(CompletableFuture<Void> done, EtcdError error) {
        done.completeExceptionally(new EtcdException(error));
    }
}
