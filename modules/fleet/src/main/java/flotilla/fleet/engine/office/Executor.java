package flotilla.fleet.engine.office;

import flotilla.client.Election.Leadership;
import flotilla.client.EtcdClientException;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Transaction;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.engine.Words;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.protocol.Compare;
import flotilla.protocol.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out, each on the condition that this engine still leads and on its {@link
 * Transaction}. Those of one kind share a transaction while their conditions hold; a decision whose
 * conditions no longer hold is refused: the change that voided it brings a better one.
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

    private record Step(Carry carry, Transaction part) {}

    /** What came of each, one event for each; blocks on the store. */
    List<Event> execute(List<Carry> decided) {
        Batches batches = new Batches();
        long now = clock.now().toEpochMilli();
        for (Carry carry : decided) {
            batches.add(new Step(carry, Transaction.of(carry.decision(), now)));
        }
        List<Event> outcomes = new ArrayList<>();
        boolean reached = true;
        for (List<Step> batch : batches.all) {
            if (reached) {
                reached = commit(batch, outcomes);
            } else {
                refuse(batch, outcomes);
            }
        }
        return outcomes;
    }

    /** Transactions in the making: one kind each, and no larger than the store takes. */
    private static final class Batches {
        private final List<List<Step>> all = new ArrayList<>();
        private int size;

        void add(Step step) {
            boolean joins =
                    !all.isEmpty()
                            && isLike(all.getLast().getLast(), step)
                            && size + step.part().size() <= Registry.MAX_OPERATIONS;
            if (!joins) {
                all.add(new ArrayList<>());
                size = 0;
            }
            all.getLast().add(step);
            size += step.part().size();
        }

        private static boolean isLike(Step one, Step other) {
            return one.carry().decision().getClass() == other.carry().decision().getClass();
        }
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

    /** False when the store does not answer. */
    private boolean commit(List<Step> batch, List<Event> outcomes) {
        TxnResponse response;
        try {
            response = attempt(batch);
        } catch (EtcdClientException e) {
            log.warn("engine: {} changes wait: {}", batch.size(), e.getMessage());
            batch.forEach(step -> outcomes.add(new Event.Unknown(step.carry().number())));
            return false;
        }
        if (response.getSucceeded()) {
            long revision = response.getHeader().getRevision();
            for (Step step : batch) {
                log.info("{}", Words.of(step.carry().decision()));
                outcomes.add(new Event.Done(step.carry().number(), revision));
            }
            return true;
        }
        if (batch.size() == 1) {
            log.debug("overtaken: {}", Words.of(batch.getFirst().carry().decision()));
            refuse(batch, outcomes);
            return true;
        }
        boolean reached = true;
        for (Step step : batch) {
            if (reached) {
                reached = commit(List.of(step), outcomes);
            } else {
                refuse(List.of(step), outcomes);
            }
        }
        return reached;
    }

    /** Also of what is not even tried: it is decided anew. */
    private static void refuse(List<Step> batch, List<Event> outcomes) {
        batch.forEach(step -> outcomes.add(new Event.Refused(step.carry().number())));
    }

    private TxnResponse attempt(List<Step> batch) {
        Txn txn = registry.txn().when(leadership.guard());
        all(batch)
                .flatMap(part -> part.conditions().stream())
                .distinct()
                .forEach(condition -> txn.when(compare(condition)));
        all(batch)
                .flatMap(part -> part.puts().stream())
                .forEach(entry -> txn.then(registry.put(entry)));
        all(batch)
                .flatMap(part -> part.deletes().stream())
                .forEach(key -> txn.then(registry.delete(key)));
        return txn.commit();
    }

    private Compare compare(Condition condition) {
        return switch (condition) {
            case Condition.Unchanged(Key key, long revision) -> registry.unchanged(key, revision);
            case Condition.Exists(Key key) -> registry.exists(key);
        };
    }

    private static Stream<Transaction> all(List<Step> batch) {
        return batch.stream().map(Step::part);
    }
}
