package flotilla.fleet.engine.office;

import flotilla.client.Election.Leadership;
import flotilla.client.EtcdClientException;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Execution;
import flotilla.fleet.engine.Execution.Bundle;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.engine.Words;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.protocol.Compare;
import flotilla.protocol.TxnResponse;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out, as {@link Execution} says, each on the condition that this engine still
 * leads.
 */
final class Executor {
    private static final Logger log = LoggerFactory.getLogger(Executor.class);

    private final Registry registry;
    private final Leadership leadership;
    private final Clock clock;

    Executor(Registry registry, Leadership leadership, Clock clock) {
        this.registry = registry;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** What came of each, one event for each; blocks on the store. */
    List<Event> execute(List<Carry> decided) {
        Execution execution =
                new Execution(decided, clock.now().toEpochMilli(), Registry.MAX_OPERATIONS);
        for (Optional<Bundle> next = execution.next(); next.isPresent(); next = execution.next()) {
            commit(next.get(), execution);
        }
        return execution.outcomes();
    }

    /** Whether this engine still leads; one whom the store does not answer has not heard else. */
    boolean leads() {
        try {
            return registry.txn().when(leadership.guard()).commit().getSucceeded();
        } catch (EtcdClientException e) {
            log.debug("engine: can't ask whether it leads: {}", e.getMessage());
            return true;
        }
    }

    private void commit(Bundle bundle, Execution execution) {
        List<Decision> decisions = bundle.decisions();
        TxnResponse response;
        try {
            response = attempt(bundle);
        } catch (EtcdClientException e) {
            log.warn("engine: {} changes wait: {}", decisions.size(), e.getMessage());
            execution.unknown();
            return;
        }
        if (response.getSucceeded()) {
            decisions.forEach(decision -> log.info("{}", Words.of(decision)));
            execution.done(response.getHeader().getRevision());
        } else {
            if (decisions.size() == 1) {
                log.debug("overtaken: {}", Words.of(decisions.getFirst()));
            }
            execution.refused();
        }
    }

    private TxnResponse attempt(Bundle bundle) {
        return registry.history().commit(() -> transaction(bundle), bundle.deeds());
    }

    private Txn transaction(Bundle bundle) {
        Txn txn = registry.txn().when(leadership.guard());
        bundle.conditions().forEach(condition -> txn.when(compare(condition)));
        bundle.puts().forEach(entry -> txn.then(registry.put(entry)));
        bundle.deletes().forEach(key -> txn.then(registry.delete(key)));
        return txn;
    }

    private Compare compare(Condition condition) {
        return switch (condition) {
            case Condition.Unchanged(Key key, long revision) -> registry.unchanged(key, revision);
            case Condition.Exists(Key key) -> registry.exists(key);
        };
    }
}
