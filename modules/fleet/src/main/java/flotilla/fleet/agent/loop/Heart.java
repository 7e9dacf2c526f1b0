package flotilla.fleet.agent.loop;

import flotilla.client.EtcdClientException;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.registry.Registry;
import flotilla.protocol.TxnResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this machine in the cluster: its key lives under a lease that is renewed three times per
 * TTL. A daemon that was restarted takes the key over from its predecessor, so that the cluster
 * sees no change; a lease that was lost is replaced as soon as the store answers.
 *
 * <p>Two machines with one id would fight over units: the second one, known by another address or
 * host name, waits and says so for as long as the first is there.
 */
public final class Heart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heart.class);

    /** Pause after the store did not answer, or the id was taken. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);

    /** How often it is asked which members the store has; they seldom change. */
    private static final Duration LEARN_INTERVAL = Duration.ofMinutes(1);

    /** No revision: the store begins with 1. */
    private static final long NOT_ANNOUNCED = 0;

    /**
     * How long it stands that a machine went in order: no death counts any more against what it was
     * told before, nor against what it was told while its units stopped.
     */
    private static final Duration GOODBYE = Strikes.PROBATION.multipliedBy(2);

    private final Registry registry;
    private final Machine machine;
    private final Duration ttl;
    private final Thread thread;
    private final Semaphore lost = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Listener listener;
    private volatile @Nullable LeaseKeeper lease;
    private volatile boolean reached;
    private volatile boolean leave;
    private String complaint = "";

    /** Hears, on any thread, how the machine stands. */
    public interface Listener {
        /**
         * The machine is in the cluster, under a new lease.
         *
         * @param revision at which its key was written
         * @param sentNanos when the lease was asked for, by the clock of intervals
         */
        void registered(long lease, long revision, long sentNanos);

        /** The store has taken a renewal that was sent then. */
        void renewed(long lease, long sentNanos);

        /** The lease is over, or nobody knows that it isn't. */
        void lost(long lease);
    }

    /**
     * @param ttl how long the machine counts after its last renewal; whole seconds
     */
    public Heart(Registry registry, Machine machine, Duration ttl) {
        this.registry = registry;
        this.machine = machine;
        this.ttl = ttl;
        this.thread = Thread.ofVirtual().name("heart").unstarted(this::beat);
    }

    /** Once only. */
    public void start(Listener hearer) {
        listener = hearer;
        thread.start();
    }

    /** Whether the machine has been in the cluster at some time since it began. */
    public boolean hasReachedCluster() {
        return reached;
    }

    /** The lease that holds while the machine is in the cluster. */
    public OptionalLong lease() {
        LeaseKeeper held = lease;
        return held != null && held.held() ? OptionalLong.of(held.id()) : OptionalLong.empty();
    }

    private void beat() {
        try {
            while (!leave && !Thread.currentThread().isInterrupted()) {
                if (!beatOnce()) {
                    TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            ended.countDown();
        }
    }

    /** Returns when the lease is lost; false when there is none. */
    private boolean beatOnce() throws InterruptedException {
        try {
            if (!register()) {
                return false;
            }
            reached = true;
            awaitLoss();
            LeaseKeeper held = lease;
            if (held != null) {
                tell(hearer -> hearer.lost(held.id()));
            }
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            log.error("the machine's heart stumbled, trying again", e);
            LeaseKeeper held = lease;
            lease = null;
            if (held != null) {
                held.abandon();
            }
            return false;
        }
    }

    /**
     * A machine outlives the member beside it: it knows where the others are, as long as it could
     * ask once.
     */
    private void awaitLoss() throws InterruptedException {
        do {
            try {
                registry.learnMembers();
            } catch (EtcdClientException e) {
                log.debug("can't ask who the members are, asking later: {}", e.getMessage());
            }
        } while (!lost.tryAcquire(LEARN_INTERVAL.toSeconds(), TimeUnit.SECONDS));
    }

    private void end() {
        LeaseKeeper held = lease;
        lease = null;
        Thread.interrupted();
        if (held != null) {
            if (leave) {
                held.close();
            } else {
                held.abandon();
            }
        }
    }

    /**
     * Tells the cluster that the machine goes in order, which is no word against its units; blocks
     * on the store. To be said while there is a store to hear it: where all machines go at once, it
     * has no majority soon.
     */
    public void sayGoodbye() {
        leave = true;
        sayOfLeaving(false, "the machine leaves without a word, which may count against its units");
    }

    /**
     * Tells the cluster that nothing of the machine's units is left, so that others may have them
     * as soon as it is gone; blocks on the store.
     */
    public void sayStopped() {
        sayOfLeaving(true, "that all units have stopped is not said, and waited for");
    }

    private void sayOfLeaving(boolean stopped, String otherwise) {
        if (lease().isEmpty()) {
            return;
        }
        try {
            registry.putFor(GOODBYE, new Entry.OfLeaving(machine.id(), stopped));
        } catch (EtcdClientException e) {
            log.warn("{}: {}", otherwise, e.getMessage());
        }
    }

    private boolean register() {
        LeaseKeeper candidate = null;
        try {
            candidate = registry.lease(ttl, lost::release);
            long revision = announce(candidate.id());
            if (revision == NOT_ANNOUNCED) {
                candidate.close();
                return false;
            }
            lost.drainPermits();
            lease = candidate;
            complaint = "";
            log.info("machine {} is in the cluster", machine.id());
            long id = candidate.id();
            long sentNanos = candidate.renewedNanos();
            tell(hearer -> hearer.registered(id, revision, sentNanos));
            candidate.onRenewal(nanos -> tell(hearer -> hearer.renewed(id, nanos)));
            return candidate.held();
        } catch (EtcdClientException e) {
            if (candidate != null) {
                candidate.abandon();
            }
            complain("can't register machine " + machine.id() + ", trying on: " + e.getMessage());
            return false;
        }
    }

    private void tell(Consumer<Listener> what) {
        Listener hearer = listener;
        if (hearer != null) {
            what.accept(hearer);
        }
    }

    private void complain(String words) {
        if (!words.equals(complaint)) {
            log.warn("{}", words);
            complaint = words;
        }
    }

    /** The revision at which it is announced; why it is not, if not, is said. */
    private long announce(long leaseId) {
        Key key = new Key.OfMachine(machine.id());
        Optional<Stored> there = registry.get(key);
        if (there.isPresent()
                && there.get().entry() instanceof Entry.OfMachine(Machine other)
                && !sameHost(other)) {
            complain(
                    "machine id %s is in use by %s (%s): give this machine an id of its own"
                            .formatted(machine.id(), other.label(), other.publicIp()));
            return NOT_ANNOUNCED;
        }
        long revision = there.map(Stored::revision).orElse(0L);
        TxnResponse response =
                registry.txn()
                        .when(registry.unchanged(key, revision))
                        .then(registry.put(new Entry.OfMachine(machine), leaseId))
                        .then(registry.delete(new Key.OfLeaving(machine.id())))
                        .commit();
        if (!response.getSucceeded()) {
            complain("machine id " + machine.id() + " changed meanwhile; trying on");
            return NOT_ANNOUNCED;
        }
        return response.getHeader().getRevision();
    }

    private boolean sameHost(Machine other) {
        return other.publicIp().equals(machine.publicIp())
                && other.hostname().equals(machine.hostname());
    }

    /** Leaves the cluster: the machine's key and the states of its units go at once. */
    @Override
    public void close() {
        leave = true;
        stop();
    }

    /** Stops beating and leaves the key to its lease, as a crash would. */
    public void abandon() {
        stop();
    }

    private void stop() {
        thread.interrupt();
        try {
            if (!ended.await(2, TimeUnit.SECONDS)) {
                log.warn("the machine's key is left to its lease: the store does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
