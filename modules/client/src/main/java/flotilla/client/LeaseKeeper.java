package flotilla.client;

import flotilla.client.lease.Renewal;
import flotilla.platform.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop around a {@link Renewal}: holds a lease, with a thread of its own, until closed. The
 * holder is told when it is lost.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final EtcdClient client;
    private final Clock clock;
    private final long id;
    private final Runnable onLost;
    private final LeaseStream stream;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Only the keeper's own thread touches these, and the constructor. */
    private final Renewal renewal;

    private boolean complained;

    private LeaseKeeper(EtcdClient client, Grant grant, Runnable onLost) {
        this.client = client;
        this.clock = grant.clock();
        this.id = grant.id();
        this.onLost = onLost;
        this.stream = client.renewals(id);
        this.renewal = grant.renewal();
    }

    /**
     * Grants a lease and keeps it.
     *
     * @param ttl whole seconds, at least 2: the server raises smaller ones
     * @param onLost called once, on a virtual thread, unless the keeper was closed before
     */
    public static LeaseKeeper grant(EtcdClient client, Duration ttl, Runnable onLost) {
        Clock clock = Clock.system();
        Renewal renewal = new Renewal(millis(clock), ttl.toMillis());
        Grant grant = new Grant(client.grantLease(ttl), renewal, clock);
        LeaseKeeper keeper = new LeaseKeeper(client, grant, onLost);
        Thread.ofVirtual().name("lease-keeper").start(keeper::run);
        return keeper;
    }

    private record Grant(long id, Renewal renewal, Clock clock) {}

    private static long millis(Clock clock) {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    public long id() {
        return id;
    }

    /** False once lost or closed. */
    public boolean held() {
        return !lost.isDone() && closed.getCount() > 0;
    }

    /** Completes when the lease is lost; never when the keeper was closed before. */
    CompletableFuture<Void> lost() {
        return lost;
    }

    /** However it ends, the holder must not go on as if somebody still renewed the lease. */
    private void run() {
        try {
            while (!closed.await(renewal.dueMillis() - millis(clock), TimeUnit.MILLISECONDS)
                    && !renewal.isLost()) {
                renew();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.debug("lease {}: its keeper was interrupted", Long.toHexString(id));
        } finally {
            stream.close();
            lose();
        }
    }

    private void renew() throws InterruptedException {
        long asked = millis(clock);
        try {
            Duration left = stream.renew(Duration.ofMillis(renewal.patienceMillis()));
            renewal.renewed(asked, left.toMillis(), millis(clock));
        } catch (EtcdClientException e) {
            log.debug("{}", e.getMessage());
            renewal.failed(millis(clock));
        } catch (RuntimeException e) {
            if (!complained) {
                complained = true;
                log.warn("renewing lease {} failed, trying on", Long.toHexString(id), e);
            }
            renewal.failed(millis(clock));
        }
    }

    private void lose() {
        if (closed.getCount() > 0 && lost.complete(null)) {
            log.warn(
                    "lease {} is lost: unknown to the store, or not renewed in time",
                    Long.toHexString(id));
            Thread.ofVirtual().name("lease-lost").start(onLost);
        }
    }

    /** Stops renewing and gives the lease back; without an answer it expires by itself. */
    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        abandon();
        if (!lost.isDone()) {
            try {
                client.revokeLease(id);
            } catch (EtcdClientException e) {
                log.debug("lease {} left to expire: {}", Long.toHexString(id), e.getMessage());
            }
        }
    }

    /** Stops renewing without giving the lease back: it lives on for up to its TTL. */
    public void abandon() {
        closed.countDown();
        stream.close();
    }
}
