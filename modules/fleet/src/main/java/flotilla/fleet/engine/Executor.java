package flotilla.fleet.engine;

import flotilla.client.Election.Leadership;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.protocol.Compare;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out. Each is one transaction on the condition that this engine still leads and
 * that what it was decided from still holds; several share one while their conditions do. A
 * decision whose conditions no longer hold is dropped: the change that voided it brings a better
 * one.
 */
final class Executor {
    private static final Logger log = LoggerFactory.getLogger(Executor.class);

    /** Decisions put into one transaction: at most four operations and conditions each. */
    private static final int BATCH = Registry.MAX_OPERATIONS / 4;

    private final Registry registry;
    private final Leadership leadership;
    private final Clock clock;
    private long lastRevision;

    Executor(Registry registry, Leadership leadership, Clock clock) {
        this.clock = clock;
        this.registry = registry;
        this.leadership = leadership;
    }

    private record Terms(List<Compare> conditions, List<RequestOp> operations) {}

    /** Returns how many were carried out. Fails with EtcdClientException when the store is away. */
    int execute(List<Decision> decisions) {
        int done = 0;
        List<Decision> batch = new ArrayList<>();
        for (Decision decision : decisions) {
            boolean otherKind =
                    !batch.isEmpty() && batch.getLast().getClass() != decision.getClass();
            if (otherKind || batch.size() == BATCH) {
                done += commit(batch);
                batch.clear();
            }
            batch.add(decision);
        }
        return batch.isEmpty() ? done : done + commit(batch);
    }

    /** The revision of the last transaction that changed something; 0 before the first. */
    long lastRevision() {
        return lastRevision;
    }

    /** Asks the store whether this engine still leads. */
    boolean leads() {
        return registry.txn().when(leadership.guard()).commit().getSucceeded();
    }

    private int commit(List<Decision> batch) {
        if (attempt(batch)) {
            batch.forEach(decision -> log.info("{}", Words.of(decision)));
            return batch.size();
        }
        if (batch.size() == 1) {
            log.debug("overtaken: {}", Words.of(batch.getFirst()));
            return 0;
        }
        return batch.stream().mapToInt(decision -> commit(List.of(decision))).sum();
    }

    private boolean attempt(List<Decision> batch) {
        Txn txn = registry.txn().when(leadership.guard());
        for (Decision decision : batch) {
            Terms terms = terms(decision);
            terms.conditions().forEach(txn::when);
            terms.operations().forEach(txn::then);
        }
        TxnResponse response = txn.commit();
        if (response.getSucceeded()) {
            lastRevision = response.getHeader().getRevision();
        }
        return response.getSucceeded();
    }

    private Terms terms(Decision decision) {
        return switch (decision) {
            case Place(Job job, long revision, String machine, boolean global, String reason) ->
                    place(job, revision, machine, global);
            case Move(Job job, long revision, String from, String to, String reason) ->
                    new Terms(
                            List.of(unchanged(job, revision), owner(job.name(), from), ready(to)),
                            List.of(
                                    registry.put(new Entry.OfOwner(job.name(), to)),
                                    registry.delete(new Key.OfPlacement(from, job.name())),
                                    placement(job, to)));
            case Update(Job job, long revision, String machine, String reason) ->
                    new Terms(List.of(unchanged(job, revision)), List.of(placement(job, machine)));
            case Withdraw(String unit, String machine, boolean owned, String reason) ->
                    withdraw(unit, machine, owned);
            case Strike(
                            String unit,
                            String machine,
                            boolean owned,
                            Strikes strikes,
                            var reason) -> {
                Terms terms = withdraw(unit, machine, owned);
                List<RequestOp> operations = new ArrayList<>(terms.operations());
                operations.add(registry.put(new Entry.OfStrikes(unit, strikes)));
                yield new Terms(terms.conditions(), operations);
            }
            case Forgive(String unit, long revision, String reason) ->
                    new Terms(
                            List.of(registry.unchanged(new Key.OfStrikes(unit), revision)),
                            List.of(registry.delete(new Key.OfStrikes(unit))));
            case Collect(String hash, long revision, String reason) ->
                    new Terms(
                            List.of(registry.unchanged(new Key.OfText(hash), revision)),
                            List.of(registry.delete(new Key.OfText(hash))));
        };
    }

    private Terms place(Job job, long revision, String machine, boolean global) {
        if (global) {
            return new Terms(
                    List.of(unchanged(job, revision), ready(machine)),
                    List.of(placement(job, machine)));
        }
        return new Terms(
                List.of(
                        unchanged(job, revision),
                        ready(machine),
                        registry.unchanged(new Key.OfOwner(job.name()), 0)),
                List.of(
                        registry.put(new Entry.OfOwner(job.name(), machine)),
                        placement(job, machine)));
    }

    private Terms withdraw(String unit, String machine, boolean owned) {
        RequestOp placement = registry.delete(new Key.OfPlacement(machine, unit));
        return owned
                ? new Terms(
                        List.of(owner(unit, machine)),
                        List.of(registry.delete(new Key.OfOwner(unit)), placement))
                : new Terms(
                        List.of(registry.exists(new Key.OfPlacement(machine, unit))),
                        List.of(placement));
    }

    private Compare unchanged(Job job, long revision) {
        return registry.unchanged(new Key.OfJob(job.name()), revision);
    }

    /** Once a machine is cordoned no unit comes, not even by a decision from just before. */
    private Compare ready(String machine) {
        return registry.unchanged(new Key.OfEligibility(machine), 0);
    }

    private Compare owner(String unit, String machine) {
        return registry.is(new Entry.OfOwner(unit, machine));
    }

    private RequestOp placement(Job job, String machine) {
        long now = clock.now().toEpochMilli();
        return registry.put(new Entry.OfPlacement(machine, job.name(), job.assignment(), now));
    }
}
