package flotilla.store;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Clients that put one key after the other until they are closed, each again and again, at one
 * member after the other, until it is acknowledged: as every client of etcd's does that tries
 * again.
 */
final class Writers implements AutoCloseable {
    /** What a client tries again after: the outcome is open, or another member must be asked. */
    private static final Set<Status.Code> AGAIN =
            Set.of(
                    Status.Code.UNAVAILABLE,
                    Status.Code.DEADLINE_EXCEEDED,
                    Status.Code.CANCELLED,
                    Status.Code.RESOURCE_EXHAUSTED);

    private static final long CALL_SECONDS = 10;
    private static final long END_SECONDS = 60;

    private final List<String> endpoints = new CopyOnWriteArrayList<>();
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final SortedSet<String> acknowledged = new ConcurrentSkipListSet<>();
    private final List<StatusRuntimeException> errors = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int valueBytes;
    private volatile boolean ended;

    private Writers(int valueBytes) {
        this.valueBytes = valueBytes;
    }

    /**
     * @param valueBytes of chance, so that nothing makes them smaller on their way
     */
    static Writers begin(int count, int valueBytes, String... endpoints) {
        Writers writers = new Writers(valueBytes);
        writers.endpoints.addAll(List.of(endpoints));
        for (int i = 0; i < count; i++) {
            int number = i;
            writers.threads.execute(() -> writers.write(number));
        }
        return writers;
    }

    /** From now on they go there too. */
    void alsoTo(String endpoint) {
        endpoints.add(endpoint);
    }

    /** They were told that a member goes away, as who runs a cluster tells its clients. */
    void noLongerTo(String endpoint) {
        endpoints.remove(endpoint);
    }

    /** Keys that were acknowledged so far. */
    SortedSet<String> acknowledged() {
        return acknowledged;
    }

    /** What is put under a key: not kept, for there is no telling how much a fast machine puts. */
    ByteString value(String key) {
        byte[] value = new byte[valueBytes];
        new Random(key.hashCode()).nextBytes(value);
        return ByteString.copyFrom(value);
    }

    /** What a client that tries again would have been told as the last word. */
    List<StatusRuntimeException> errors() {
        return List.copyOf(errors);
    }

    private void write(int writer) {
        for (int i = 0; !ended; i++) {
            putUntilDone("/w%02d/%06d".formatted(writer, i), writer + i);
        }
    }

    private void putUntilDone(String key, int first) {
        ByteString value = value(key);
        for (int attempt = first; !ended; attempt++) {
            List<String> now = new ArrayList<>(endpoints);
            try {
                var _ =
                        KVGrpc.newBlockingStub(channel(now.get(attempt % now.size())))
                                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                                .put(
                                        PutRequest.newBuilder()
                                                .setKey(ByteString.copyFromUtf8(key))
                                                .setValue(value)
                                                .build());
                acknowledged.add(key);
                return;
            } catch (StatusRuntimeException e) {
                if (!AGAIN.contains(e.getStatus().getCode())) {
                    errors.add(e);
                }
            }
        }
    }

    private ManagedChannel channel(String endpoint) {
        return channels.computeIfAbsent(
                endpoint,
                url ->
                        NettyChannelBuilder.forAddress("127.0.0.1", URI.create(url).getPort())
                                .usePlaintext()
                                .build());
    }

    /** No write is under way any more when this returns. */
    void end() throws InterruptedException {
        ended = true;
        threads.shutdown();
        if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("writers did not end");
        }
    }

    @Override
    public void close() {
        ended = true;
        channels.values().forEach(ManagedChannel::shutdownNow);
        threads.shutdownNow();
    }
}
