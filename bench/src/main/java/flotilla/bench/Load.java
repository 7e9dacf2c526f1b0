package flotilla.bench;

import com.google.protobuf.ByteString;
import flotilla.conformance.servers.Connection;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.StatusRequest;
import flotilla.protocol.StatusResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A closed-loop load generator: so many clients, each with one request under way. It has no thread
 * per client, so that it takes little of the machine it shares with the servers.
 */
final class Load implements AutoCloseable {
    private static final int VALUE_BYTES = 256;

    /**
     * Values are windows of so many random bytes: making each anew would take processors from the
     * servers.
     */
    private static final int RANDOM_BYTES = 1 << 20;

    private static final Duration STATUS = Duration.ofSeconds(5);

    /** How long the last answers of a stretch may take to arrive. */
    private static final int DRAIN_SECONDS = 30;

    private final List<Connection> spread = new ArrayList<>();
    private final Connection toLeader;
    private final AtomicLong puts = new AtomicLong();
    private final byte[] random = new byte[RANDOM_BYTES];

    Load(List<String> addresses, int connections) {
        for (int i = 0; i < connections; i++) {
            spread.add(new Connection(addresses.get(i % addresses.size())));
        }
        toLeader = new Connection(leader(addresses));
        new SplittableRandom(1).nextBytes(random);
    }

    /** Asks each member, however few connections the load itself has. */
    static String leader(List<String> addresses) {
        for (String address : addresses) {
            try (Connection member = new Connection(address)) {
                StatusResponse status =
                        member.maintenance(STATUS).status(StatusRequest.getDefaultInstance());
                if (status.getLeader() == status.getHeader().getMemberId()) {
                    return address;
                }
            }
        }
        throw new IllegalStateException("none of " + addresses + " says that it leads");
    }

    /** Runs the workload for so long and counts what was answered within. Blocks. */
    Result run(Workload workload, Duration stretch) throws InterruptedException {
        Latencies latencies = new Latencies();
        Phaser open = new Phaser(1);
        CountDownLatch drained = new CountDownLatch(1);
        long start = System.nanoTime();
        long end = start + stretch.toNanos();
        for (int i = 0; i < workload.clients(); i++) {
            open.register();
            Connection connection =
                    workload.leaderOnly() ? toLeader : spread.get(i % spread.size());
            new Client(workload, connection.channel(), new Stretch(end, latencies, open)).next();
        }
        Thread.startVirtualThread(() -> {
            open.arriveAndAwaitAdvance();
            drained.countDown();
        });
        if (!drained.await(stretch.toSeconds() + DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(workload.title() + ": requests stay unanswered");
        }
        return latencies.over(stretch.toNanos());
    }

    @Override
    public void close() {
        spread.forEach(Connection::close);
        toLeader.close();
    }

    /** The finalizer of SplitMix64: no two numbers have the same key, and neighbours lie apart. */
    private static ByteString key(long number) {
        long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return ByteString.copyFrom(
                ByteBuffer.allocate(Long.BYTES).putLong(mixed ^ (mixed >>> 31)).flip());
    }

    private ByteString value(long number) {
        int start = (int) (number * 7919 % (RANDOM_BYTES - VALUE_BYTES));
        return ByteString.copyFrom(random, start, VALUE_BYTES);
    }

    /**
     * @param end {@link System#nanoTime} after which nothing is counted or sent
     * @param open clients that have not finished
     */
    private record Stretch(long end, Latencies latencies, Phaser open) {}

    private final class Client implements StreamObserver<Object> {
        private final Workload workload;
        private final Channel channel;
        private final Stretch stretch;
        private long sentAt;

        Client(Workload workload, Channel channel, Stretch stretch) {
            this.workload = workload;
            this.channel = channel;
            this.stretch = stretch;
        }

        void next() {
            sentAt = System.nanoTime();
            if (sentAt >= stretch.end()) {
                stretch.open().arriveAndDeregister();
                return;
            }
            switch (workload.kind()) {
                case PUT -> put();
                case GET -> get();
            }
        }

        private void put() {
            long number = puts.getAndIncrement();
            PutRequest request =
                    PutRequest.newBuilder().setKey(key(number)).setValue(value(number)).build();
            ClientCalls.asyncUnaryCall(
                    channel.newCall(KVGrpc.getPutMethod(), CallOptions.DEFAULT),
                    request,
                    answers());
        }

        private void get() {
            RangeRequest request = RangeRequest.newBuilder().setKey(key(0)).build();
            ClientCalls.asyncUnaryCall(
                    channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT),
                    request,
                    answers());
        }

        @SuppressWarnings("unchecked")
        private <T> StreamObserver<T> answers() {
            return (StreamObserver<T>) (StreamObserver<?>) this;
        }

        @Override
        public void onNext(Object answer) {
            long now = System.nanoTime();
            if (now < stretch.end()) {
                stretch.latencies().answered(now - sentAt);
            }
        }

        @Override
        public void onError(Throwable error) {
            stretch.latencies().failed();
            next();
        }

        @Override
        public void onCompleted() {
            next();
        }
    }
}
