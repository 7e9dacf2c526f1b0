package flotilla.fleet.agent;

import flotilla.client.EtcdClientException;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.registry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster how this machine's units fare, and how far the machine is with what it was
 * told, under the machine's lease. Changes that come while a write is under way go out together
 * with the next one; of several changes of a key only the last is written. While there is no lease
 * nothing is sent, and afterwards everything is.
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
    private final Map<Key, Entry> said = new HashMap<>();
    private final Set<Key> dirty = new LinkedHashSet<>();
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

    void publish(Entry entry) {
        lock.lock();
        try {
            if (!entry.equals(said.put(entry.key(), entry))) {
                dirty.add(entry.key());
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void withdraw(Key key) {
        lock.lock();
        try {
            said.remove(key);
            dirty.add(key);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Under a new lease everything has to be said again. */
    void republish() {
        lock.lock();
        try {
            dirty.addAll(said.keySet());
            swept = false;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Map<Key, Entry> batch = new HashMap<>();
                List<Key> keys = take(batch);
                if (!send(keys, batch)) {
                    giveBack(keys);
                    Thread.sleep(RETRY_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Key> take(Map<Key, Entry> batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (dirty.isEmpty() && swept) {
                changed.await();
            }
            List<Key> keys = new ArrayList<>();
            Iterator<Key> waiting = dirty.iterator();
            while (waiting.hasNext() && keys.size() < Registry.MAX_OPERATIONS) {
                Key key = waiting.next();
                waiting.remove();
                keys.add(key);
                Entry entry = said.get(key);
                if (entry != null) {
                    batch.put(key, entry);
                }
            }
            return keys;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(List<Key> keys) {
        lock.lock();
        try {
            dirty.addAll(keys);
        } finally {
            lock.unlock();
        }
    }

    private boolean send(List<Key> keys, Map<Key, Entry> batch) {
        OptionalLong under = lease.get();
        if (under.isEmpty()) {
            return false;
        }
        try {
            if (!keys.isEmpty()) {
                Txn txn = registry.txn();
                for (Key key : keys) {
                    Entry entry = batch.get(key);
                    txn.then(
                            entry == null
                                    ? registry.delete(key)
                                    : registry.put(entry, under.getAsLong()));
                }
                txn.commit();
            }
            sweep();
            return true;
        } catch (EtcdClientException e) {
            log.debug("what is to be said of {} keys waits: {}", keys.size(), e.getMessage());
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
        List<Stored> there = new ArrayList<>(registry.list(registry.layout().states(machineId)));
        there.addAll(registry.list(registry.layout().acknowledgements(machineId)));
        lock.lock();
        try {
            for (Stored stored : there) {
                Key key = stored.entry().key();
                if (!(stored.entry() instanceof Entry.Unreadable) && !said.containsKey(key)) {
                    dirty.add(key);
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
