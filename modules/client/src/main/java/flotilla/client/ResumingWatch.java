package flotilla.client;

import flotilla.platform.Registration;
import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch over as many streams as it takes. It remembers the next revision it has not seen; a
 * broken stream is opened again from there, at the next member.
 *
 * <p>Asks for a leader ({@code hasleader}): a member cut off from the cluster ends the stream
 * instead of staying silent for ever.
 */
final class ResumingWatch implements Registration, Runnable {
    private static final Logger log = LoggerFactory.getLogger(ResumingWatch.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final Endpoints endpoints;
    private final WatchSpec spec;
    private final WatchListener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable BlockingClientCall<WatchRequest, WatchResponse> call;

    /** Only the watch's own thread touches these. */
    private long nextRevision;

    private Duration pause = FIRST_PAUSE;

    private ResumingWatch(Endpoints endpoints, WatchSpec spec, WatchListener listener) {
        this.endpoints = endpoints;
        this.spec = spec;
        this.listener = listener;
        this.nextRevision = spec.fromRevision();
    }

    static Registration start(Endpoints endpoints, WatchSpec spec, WatchListener listener) {
        ResumingWatch watch = new ResumingWatch(endpoints, spec, listener);
        Thread.ofVirtual().name("etcd-watch").start(watch);
        return watch;
    }

    /** However it ends, but for closing, the listener hears of it. */
    @Override
    public void run() {
        try {
            boolean over = false;
            while (!over && closed.getCount() > 0) {
                over = followOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            listener.onFailed(e);
        } catch (Error e) {
            listener.onFailed(new IllegalStateException("a watch has ended", e));
            throw e;
        } finally {
            cancelCall();
        }
    }

    /** Returns true when the watch is over. */
    private boolean followOne() throws InterruptedException {
        Endpoints.Connection connection = endpoints.connection();
        try {
            return follow(connection.channel());
        } catch (StatusException e) {
            return broken(connection, e);
        } catch (EtcdClientException.Unavailable e) {
            return broken(connection, Status.UNAVAILABLE.withCause(e).asException());
        }
    }

    private boolean broken(Endpoints.Connection connection, StatusException e) {
        if (closed.getCount() == 0) {
            return true;
        }
        log.debug("watch at {} broke: {}", connection.endpoint(), e.toString());
        cancelCall();
        endpoints.failed(connection);
        return pauseOrRefuse(e);
    }

    /** Follows one stream; returns true when the watch is over, throws when the stream broke. */
    private boolean follow(Channel channel) throws StatusException, InterruptedException {
        Metadata headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        BlockingClientCall<WatchRequest, WatchResponse> stream =
                ClientCalls.blockingBidiStreamingCall(
                        ClientInterceptors.intercept(
                                channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                        WatchGrpc.getWatchMethod(),
                        CallOptions.DEFAULT);
        call = stream;
        if (closed.getCount() == 0) {
            return true;
        }
        stream.write(WatchRequest.newBuilder().setCreateRequest(create()).build());
        while (true) {
            WatchResponse response = stream.read();
            if (response == null) {
                throw Status.UNAVAILABLE.withDescription("stream ended").asException();
            }
            if (closed.getCount() == 0 || take(response)) {
                return true;
            }
        }
    }

    private WatchCreateRequest create() {
        return WatchCreateRequest.newBuilder()
                .setKey(spec.range().key())
                .setRangeEnd(spec.range().end())
                .setStartRevision(nextRevision)
                .setPrevKv(spec.previous())
                .setProgressNotify(spec.progress())
                .build();
    }

    /** Returns true when the watch is over. */
    private boolean take(WatchResponse response) throws StatusException {
        if (response.getCanceled()) {
            return canceled(response);
        }
        if (response.getCreated()) {
            pause = FIRST_PAUSE;
            if (nextRevision == 0) {
                nextRevision = response.getHeader().getRevision() + 1;
            }
            listener.onBegun(nextRevision);
            return false;
        }
        if (response.getEventsCount() == 0) {
            progressed(response.getHeader().getRevision());
            return false;
        }
        List<Event> unseen =
                response.getEventsList().stream()
                        .filter(event -> event.getKv().getModRevision() >= nextRevision)
                        .toList();
        if (!unseen.isEmpty()) {
            listener.onEvents(unseen);
            nextRevision = unseen.getLast().getKv().getModRevision() + 1;
        }
        return false;
    }

    private void progressed(long revision) {
        if (revision >= nextRevision) {
            nextRevision = revision + 1;
        }
        listener.onProgress(revision);
    }

    private boolean canceled(WatchResponse response) throws StatusException {
        String reason = response.getCancelReason();
        if (response.getCompactRevision() > 0) {
            listener.onCompacted(response.getCompactRevision());
            return true;
        }
        if (reason.contains("no leader") || reason.contains("server stopped")) {
            throw Status.UNAVAILABLE.withDescription(reason).asException();
        }
        listener.onFailed(
                new EtcdClientException.Refused(
                        "watch canceled: " + reason, Status.Code.CANCELLED));
        return true;
    }

    private boolean pauseOrRefuse(StatusException e) {
        Status.Code code = e.getStatus().getCode();
        if (code == Status.Code.PERMISSION_DENIED
                || code == Status.Code.UNAUTHENTICATED
                || code == Status.Code.UNIMPLEMENTED) {
            listener.onFailed(new EtcdClientException.Refused("watch: " + e.getMessage(), code));
            return true;
        }
        try {
            boolean over = closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            pause =
                    pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0
                            ? MAX_PAUSE
                            : pause.multipliedBy(2);
            return over;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        cancelCall();
    }

    private void cancelCall() {
        BlockingClientCall<WatchRequest, WatchResponse> stream = call;
        if (stream != null) {
            stream.cancel("watch closed", null);
        }
    }
}
