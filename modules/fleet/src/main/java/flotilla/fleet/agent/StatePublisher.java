package flotilla.fleet.agent;

import flotilla.client.EtcdClientException;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.registry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster how this machine's units fare, under the machine's lease. Changes that come
 * while a write is under way go out together with the next one; of several changes of a unit only
 * the last is written. While there is no lease nothing is sent, and afterwards everything is.
 */
final class StatePublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatePublisher.class);

    /** Pause after the store did not answer. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);

    private final Registry registry;
    private final String machineId;
    private final Supplier<OptionalLong> lease;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, PublishedState> states = new HashMap<>();
    private final Set<String> dirty = new TreeSet<>();
    private boolean swept;
    private String complaint = "";

    StatePublisher(Registry registry, String machineId, Supplier<OptionalLong> lease) {
        this.registry = registry;
        this.machineId = machineId;
        this.lease = lease;
        this.thread = Thread.ofVirtual().name("state-publisher").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void publish(PublishedState state) {
        lock.lock();
        try {
            if (!state.equals(states.put(state.unit(), state))) {
                dirty.add(state.unit());
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void withdraw(String unit) {
        lock.lock();
        try {
            states.remove(unit);
            dirty.add(unit);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Under a new lease everything has to be said again. */
    void republish() {
        lock.lock();
        try {
            dirty.addAll(states.keySet());
            swept = false;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Map<String, PublishedState> batch = new HashMap<>();
                List<String> units = take(batch);
                if (!send(units, batch)) {
                    giveBack(units);
                    Thread.sleep(RETRY_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> take(Map<String, PublishedState> batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (dirty.isEmpty() && swept) {
                changed.await();
            }
            List<String> units = new ArrayList<>();
            Iterator<String> waiting = dirty.iterator();
            while (waiting.hasNext() && units.size() < Registry.MAX_OPERATIONS) {
                String unit = waiting.next();
                waiting.remove();
                units.add(unit);
                PublishedState state = states.get(unit);
                if (state != null) {
                    batch.put(unit, state);
                }
            }
            return units;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(List<String> units) {
        lock.lock();
        try {
            dirty.addAll(units);
        } finally {
            lock.unlock();
        }
    }

    private boolean send(List<String> units, Map<String, PublishedState> batch) {
        OptionalLong under = lease.get();
        if (under.isEmpty()) {
            return false;
        }
        try {
            if (!units.isEmpty()) {
                Txn txn = registry.txn();
                for (String unit : units) {
                    PublishedState state = batch.get(unit);
                    txn.then(
                            state == null
                                    ? registry.delete(new Key.OfState(machineId, unit))
                                    : registry.put(new Entry.OfState(state), under.getAsLong()));
                }
                txn.commit();
            }
            sweep();
            return true;
        } catch (EtcdClientException e) {
            log.debug("states of {} units wait: {}", units.size(), e.getMessage());
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            complain(e);
            return false;
        }
    }

    private void complain(Throwable problem) {
        String words = problem.toString();
        if (!words.equals(complaint)) {
            complaint = words;
            log.error("states of units can't be told, trying on", problem);
        }
    }

    /** Once per lease: what an earlier run of the daemon said of units that are no longer here. */
    private void sweep() {
        if (isSwept()) {
            return;
        }
        List<Stored> said = registry.list(registry.layout().states(machineId));
        lock.lock();
        try {
            for (Stored stored : said) {
                if (stored.entry() instanceof Entry.OfState(PublishedState state)
                        && !states.containsKey(state.unit())) {
                    dirty.add(state.unit());
                }
            }
            swept = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isSwept() {
        lock.lock();
        try {
            return swept;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
