package flotilla.client;

import flotilla.platform.tls.ClientTls;
import flotilla.platform.tls.TlsFiles;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/**
 * One connection per member, and the rule for going from one to the next: a read may be asked again
 * anywhere; a write only when it certainly never left this process, or the server says that it was
 * not taken.
 */
final class Endpoints implements AutoCloseable {
    /**
     * A dead connection is noticed within this and {@link #KEEP_ALIVE_TIMEOUT}; etcd permits 5 s.
     */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

    /** Pause after all endpoints failed once; doubles up to {@link #MAX_PAUSE}. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    /** A read that hangs on one member is tried on another after no less than this. */
    private static final Duration MIN_ATTEMPT = Duration.ofSeconds(2);

    /** Only ever grows; an index stays good. */
    private volatile List<Endpoint> all;

    private final AtomicInteger current = new AtomicInteger();
    private final ClientConfig config;
    private final Duration requestTimeout;
    private final AtomicBoolean closed = new AtomicBoolean();

    private record Endpoint(String name, ManagedChannel channel) {}

    Endpoints(ClientConfig config) {
        this.config = config;
        requestTimeout = config.requestTimeout();
        all = config.endpoints().stream().map(this::open).toList();
    }

    private Endpoint open(String name) {
        NettyChannelBuilder channel =
                NettyChannelBuilder.forTarget("dns:///" + ClientConfig.authority(name))
                        .withOption(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) config.dialTimeout().toMillis())
                        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .disableRetry();
        if (ClientConfig.secure(name)) {
            channel.sslContext(tls().context());
        } else {
            channel.usePlaintext();
        }
        config.token().ifPresent(token -> channel.intercept(token.interceptor()));
        return new Endpoint(name, channel.build());
    }

    private ClientTls tls() {
        if (config.tls().isPresent()) {
            return config.tls().get();
        }
        try {
            return ClientConfig.tls(TlsFiles.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException("this system's authorities can't be read", e);
        }
    }

    /** Has more members to go to when those known fail; what is known already is passed over. */
    synchronized void add(List<String> more) {
        List<Endpoint> grown = new ArrayList<>(all);
        more.stream()
                .filter(name -> !names().contains(name))
                .distinct()
                .limit(Math.max(0, ClientConfig.MAX_ENDPOINTS - grown.size()))
                .forEach(name -> grown.add(open(name)));
        if (closed.get()) {
            grown.forEach(endpoint -> endpoint.channel().shutdownNow());
        } else {
            all = List.copyOf(grown);
        }
    }

    <Q, A> A read(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, false);
    }

    <Q, A> A write(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, true);
    }

    /** Asks one named member and no other; never repeated. */
    <Q, A> A ask(String endpoint, MethodDescriptor<Q, A> method, Q request) {
        int index = names().indexOf(endpoint);
        if (index < 0) {
            throw new IllegalArgumentException(endpoint + " is not one of " + names());
        }
        try {
            return ClientCalls.blockingUnaryCall(
                    prepared(index), method, deadline(requestTimeout), request);
        } catch (StatusRuntimeException e) {
            throw Failure.of(e, false, true).exception(what(method, index), e);
        }
    }

    List<String> names() {
        return all.stream().map(Endpoint::name).toList();
    }

    /** The connection to use now; {@link #failed} moves on from it. */
    Connection connection() {
        int index = current.get();
        return new Connection(index, all.get(index).name(), prepared(index));
    }

    /** To be told when a stream on it broke: the next call goes to the next member. */
    void failed(Connection connection) {
        rotate(connection.index());
    }

    record Connection(int index, String endpoint, Channel channel) {}

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, boolean write) {
        long end = System.nanoTime() + requestTimeout.toNanos();
        long pause = FIRST_PAUSE.toNanos();
        for (int attempt = 1; ; attempt++) {
            int index = current.get();
            AtomicBoolean sent = new AtomicBoolean();
            CallOptions options =
                    deadline(attemptTime(Duration.ofNanos(end - System.nanoTime()), write))
                            .withStreamTracerFactory(new SentTracer(sent));
            try {
                return ClientCalls.blockingUnaryCall(prepared(index), method, options, request);
            } catch (StatusRuntimeException e) {
                Failure failure = Failure.of(e, write, sent.get());
                if (failure.elsewhere()) {
                    rotate(index);
                }
                boolean timeLeft = end - System.nanoTime() > pause;
                if (!failure.again() || !timeLeft || closed.get() || interrupted()) {
                    throw failure.exception(what(method, index), e);
                }
            }
            if (attempt % all.size() == 0) {
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, MAX_PAUSE.toNanos());
            }
        }
    }

    private static boolean interrupted() {
        return Thread.currentThread().isInterrupted();
    }

    private String what(MethodDescriptor<?, ?> method, int index) {
        return method.getBareMethodName() + " at " + all.get(index).name();
    }

    private Duration attemptTime(Duration left, boolean write) {
        if (write || all.size() == 1) {
            return left;
        }
        Duration share = requestTimeout.dividedBy(all.size());
        Duration least = share.compareTo(MIN_ATTEMPT) < 0 ? MIN_ATTEMPT : share;
        return left.compareTo(least) < 0 ? left : least;
    }

    private static CallOptions deadline(Duration time) {
        return CallOptions.DEFAULT.withDeadlineAfter(
                Math.max(1, time.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** gRPC waits up to two minutes between connection attempts; a call in need does not. */
    private Channel prepared(int index) {
        ManagedChannel channel = all.get(index).channel();
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        return channel;
    }

    private void rotate(int index) {
        current.compareAndSet(index, (index + 1) % all.size());
    }

    @Override
    public synchronized void close() {
        closed.set(true);
        all.forEach(endpoint -> endpoint.channel().shutdownNow());
    }

    /** Notes whether a connection was found for the call: without one, nothing was sent. */
    private static final class SentTracer extends ClientStreamTracer.Factory {
        private final AtomicBoolean sent;

        SentTracer(AtomicBoolean sent) {
            this.sent = sent;
        }

        @Override
        public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sentHeaders) {
                    sent.set(true);
                }
            };
        }
    }

    /** What a gRPC status means for the call. */
    enum Failure {
        NEVER_SENT(true, true),
        /** The server said that it did not take the request, and that it may take it later. */
        NOT_TAKEN(true, true),
        READ_LOST(true, true),
        WRITE_LOST(false, true),
        COMPACTED(false, false),
        LEASE_NOT_FOUND(false, false),
        REFUSED(false, false);

        private final boolean again;
        private final boolean elsewhere;

        Failure(boolean again, boolean elsewhere) {
            this.again = again;
            this.elsewhere = elsewhere;
        }

        boolean again() {
            return again;
        }

        boolean elsewhere() {
            return elsewhere;
        }

        static Failure of(StatusRuntimeException e, boolean write, boolean sent) {
            Status status = e.getStatus();
            String text = status.getDescription() == null ? "" : status.getDescription();
            return switch (status.getCode()) {
                case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL -> {
                    if (!sent) {
                        yield NEVER_SENT;
                    }
                    if (text.equals("etcdserver: no leader")) {
                        yield NOT_TAKEN;
                    }
                    yield write ? WRITE_LOST : READ_LOST;
                }
                case UNKNOWN, RESOURCE_EXHAUSTED -> {
                    if (text.equals("etcdserver: too many requests")) {
                        yield NOT_TAKEN;
                    }
                    if (text.startsWith("etcdserver:")) {
                        yield REFUSED;
                    }
                    // A connection that breaks under a call is UNKNOWN too, "channel closed".
                    boolean broken = status.getCode() == Status.Code.UNKNOWN;
                    yield broken && !sent
                            ? NEVER_SENT
                            : write ? WRITE_LOST : broken ? READ_LOST : REFUSED;
                }
                case OUT_OF_RANGE -> text.contains("compacted") ? COMPACTED : REFUSED;
                case NOT_FOUND -> text.contains("lease not found") ? LEASE_NOT_FOUND : REFUSED;
                default -> REFUSED;
            };
        }

        private static Optional<String> tlsTrouble(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SSLException) {
                    return Optional.ofNullable(cause.getMessage());
                }
            }
            return Optional.empty();
        }

        EtcdClientException exception(String what, StatusRuntimeException e) {
            Status status = e.getStatus();
            String message =
                    what
                            + ": "
                            + (status.getDescription() == null
                                    ? status.getCode().toString()
                                    : status.getDescription());
            return switch (this) {
                case NEVER_SENT, NOT_TAKEN, READ_LOST ->
                        new EtcdClientException.Unavailable(
                                tlsTrouble(e)
                                        .map(why ->
                                                what
                                                        + ": TLS: "
                                                        + why
                                                        + "; look at the certificates of"
                                                        + " both sides")
                                        .orElse(
                                                message
                                                        + "; check that the member runs and has a"
                                                        + " leader"),
                                e);
                case WRITE_LOST ->
                        new EtcdClientException.Indeterminate(
                                message + "; the write may have happened", e);
                case COMPACTED -> new EtcdClientException.Compacted(message, 0);
                case LEASE_NOT_FOUND -> new EtcdClientException.LeaseNotFound(message);
                case REFUSED -> new EtcdClientException.Refused(message, status.getCode());
            };
        }
    }
}
