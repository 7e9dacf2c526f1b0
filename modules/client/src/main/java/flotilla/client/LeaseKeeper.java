package flotilla.client;

import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a lease: renews it three times per TTL until closed. The holder is told that it is lost
 * when the server says so, or when a whole TTL has passed since the last renewal was <em>sent</em>:
 * by then the server may have given its keys to somebody else.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    /** Pause before another member is asked for the renewal. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final EtcdClient client;
    private final long id;
    private final Duration ttl;
    private final Runnable onLost;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Only the keeper's own thread touches these, and the constructor. */
    private long deadlineNanos;

    private boolean complained;
    private volatile long renewedNanos;
    private volatile LongConsumer onRenewal = _ -> {};

    private volatile @Nullable BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>
            call;

    private LeaseKeeper(EtcdClient client, Grant grant, Duration ttl, Runnable onLost) {
        this.client = client;
        this.id = grant.id();
        this.ttl = ttl;
        this.onLost = onLost;
        this.renewedNanos = grant.sentNanos();
        this.deadlineNanos = grant.sentNanos() + ttl.toNanos();
    }

    /**
     * Grants a lease and keeps it.
     *
     * @param ttl whole seconds, at least 2: the server raises smaller ones
     * @param onLost called once, on a virtual thread, unless the keeper was closed before
     */
    public static LeaseKeeper grant(EtcdClient client, Duration ttl, Runnable onLost) {
        long before = System.nanoTime();
        Grant grant = new Grant(client.grantLease(ttl), before);
        LeaseKeeper keeper = new LeaseKeeper(client, grant, ttl, onLost);
        Thread.ofVirtual().name("lease-keeper").start(keeper::run);
        return keeper;
    }

    private record Grant(long id, long sentNanos) {}

    public long id() {
        return id;
    }

    /**
     * When the last renewal that was accepted was sent, or the lease asked for: the server can't
     * have let it end before a whole TTL after that. By {@code System.nanoTime}.
     */
    public long renewedNanos() {
        return renewedNanos;
    }

    /**
     * Has somebody hear of each accepted renewal from now on.
     *
     * @param heard is told when it was sent, as {@link #renewedNanos}; quick, on the keeper's
     *     thread
     */
    public void onRenewal(LongConsumer heard) {
        onRenewal = heard;
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
            while (closed.getCount() > 0 && !lost.isDone()) {
                renewAtSomeMember();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lose("its keeper was interrupted");
        } finally {
            lose("its keeper has ended");
        }
    }

    private void renewAtSomeMember() throws InterruptedException {
        Endpoints.Connection connection = client.connections().connection();
        try {
            renewAt(connection);
        } catch (StatusException | TimeoutException e) {
            log.debug("lease {} not renewed: {}", Long.toHexString(id), e.toString());
            tryElsewhere(connection);
        } catch (RuntimeException e) {
            if (!complained) {
                complained = true;
                log.warn("renewing lease {} failed, trying on", Long.toHexString(id), e);
            }
            tryElsewhere(connection);
        } finally {
            cancelCall();
        }
    }

    private void tryElsewhere(Endpoints.Connection connection) throws InterruptedException {
        client.connections().failed(connection);
        if (System.nanoTime() - deadlineNanos >= 0) {
            lose("no member renewed it in time");
        }
        pause(RETRY_PAUSE);
    }

    private void renewAt(Endpoints.Connection connection)
            throws StatusException, TimeoutException, InterruptedException {
        BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream =
                ClientCalls.blockingBidiStreamingCall(
                        connection.channel(),
                        LeaseGrpc.getLeaseKeepAliveMethod(),
                        CallOptions.DEFAULT);
        call = stream;
        LeaseKeepAliveRequest request = LeaseKeepAliveRequest.newBuilder().setID(id).build();
        long patience = ttl.dividedBy(3).toNanos();
        do {
            long sent = System.nanoTime();
            stream.write(request, patience, TimeUnit.NANOSECONDS);
            LeaseKeepAliveResponse response = stream.read(patience, TimeUnit.NANOSECONDS);
            if (response == null) {
                throw new TimeoutException("keep-alive stream ended");
            }
            if (response.getTTL() <= 0) {
                lose("the server no longer knows it");
                return;
            }
            deadlineNanos = sent + Duration.ofSeconds(response.getTTL()).toNanos();
            renewedNanos = sent;
            onRenewal.accept(sent);
        } while (!pause(ttl.dividedBy(3)));
    }

    /** Returns true when closed meanwhile. */
    private boolean pause(Duration time) throws InterruptedException {
        return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void lose(String reason) {
        if (closed.getCount() > 0 && lost.complete(null)) {
            log.warn("lease {} is lost: {}", Long.toHexString(id), reason);
            Thread.ofVirtual().name("lease-lost").start(onLost);
        }
    }

    private void cancelCall() {
        BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream = call;
        if (stream != null) {
            stream.cancel("lease no longer kept", null);
        }
    }

    /** Stops renewing and gives the lease back; without an answer it expires by itself. */
    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        closed.countDown();
        cancelCall();
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
        cancelCall();
    }
}
