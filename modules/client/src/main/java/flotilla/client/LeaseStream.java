package flotilla.client;

import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way on which one lease is renewed: a stream to one member that stays open between renewals.
 * One that fails is closed, and the next renewal asks the next member. When to renew is decided
 * elsewhere ({@link flotilla.client.lease.Renewal}). One renewal at a time; closing is for any
 * thread.
 */
public final class LeaseStream implements AutoCloseable {
    private final Endpoints endpoints;
    private final LeaseKeepAliveRequest request;
    private volatile boolean closed;
    private volatile @Nullable Open open;

    private record Open(
            Endpoints.Connection connection,
            BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call) {
        void cancel() {
            call.cancel("lease no longer kept", null);
        }
    }

    LeaseStream(Endpoints endpoints, long lease) {
        this.endpoints = endpoints;
        this.request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    }

    /**
     * Renews the lease; blocks.
     *
     * @param patience how long for the answer
     * @return what it has left from now on; zero when the store does not know it any more
     * @throws EtcdClientException.Indeterminate when no answer came: it may be renewed or not
     */
    public Duration renew(Duration patience) throws InterruptedException {
        Open used = open;
        if (used == null) {
            used = open();
        }
        boolean answered = false;
        try {
            long nanos = patience.toNanos();
            used.call().write(request, nanos, TimeUnit.NANOSECONDS);
            LeaseKeepAliveResponse response = used.call().read(nanos, TimeUnit.NANOSECONDS);
            if (response == null) {
                throw Status.UNAVAILABLE.withDescription("stream ended").asException();
            }
            answered = true;
            return Duration.ofSeconds(Math.max(0, response.getTTL()));
        } catch (StatusException | TimeoutException e) {
            throw new EtcdClientException.Indeterminate(
                    "renew lease %s at %s: %s"
                            .formatted(
                                    Long.toHexString(request.getID()),
                                    used.connection().endpoint(),
                                    e.getMessage()),
                    e);
        } finally {
            if (!answered) {
                used.cancel();
                open = null;
                if (!closed) {
                    endpoints.failed(used.connection());
                }
            }
        }
    }

    private Open open() {
        Endpoints.Connection connection = endpoints.connection();
        Open opened =
                new Open(
                        connection,
                        ClientCalls.blockingBidiStreamingCall(
                                connection.channel(),
                                LeaseGrpc.getLeaseKeepAliveMethod(),
                                CallOptions.DEFAULT));
        open = opened;
        if (closed) {
            opened.cancel();
        }
        return opened;
    }

    /** Breaks off a renewal that waits; the lease lives on for up to its TTL. */
    @Override
    public void close() {
        closed = true;
        Open used = open;
        if (used != null) {
            used.cancel();
        }
    }
}
