package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.HashKVResponse;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members, each a JVM with a heap of 96 MB, and clients that send more than that. */
class SmallHeapTest {
    private static final int HEAP_MB = 96;
    private static final int PATIENCE_SECONDS = 60;
    private static final int MEMBERS = 3;

    @TempDir Path directory;
    private final List<Integer> clientPorts = ports();
    private final List<Integer> peerPorts = ports();
    private final List<Process> processes = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** A member that runs until it is killed. */
    static final class Member {
        private Member() {}

        public static void main(String[] flags) throws Exception {
            EtcdDaemon.start(EtcdConfig.parse(Arrays.asList(flags), Map.of())).ready().get();
            System.out.println("ready");
            new Semaphore(0).acquire();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void values_of_four_times_the_heap_leave_all_alive_and_equal_one_that_was_away_too()
            throws Exception {
        startAll();
        ByteString megabyte = ByteString.copyFrom(new byte[1 << 20]);
        int puts = 4 * HEAP_MB;

        for (int i = 0; i < puts; i++) {
            if (i == puts / 4) {
                // A kill in the middle of an entry leaves one that Ratis doesn't open again.
                int _ = hashAt(channels.get(MEMBERS - 1), 1 + i);
                processes.get(MEMBERS - 1).destroyForcibly().waitFor();
            }
            put(i, megabyte);
        }
        processes.set(MEMBERS - 1, start(MEMBERS - 1));
        awaitReady(processes.get(MEMBERS - 1));

        assertAllAreEqualAt(1 + puts);
    }

    @Test
    void a_hundred_thousand_small_puts_leave_all_alive_and_equal() throws Exception {
        startAll();
        int puts = 100_000;
        Semaphore underWay = new Semaphore(1000);
        AtomicInteger failures = new AtomicInteger();
        KVGrpc.KVStub client = KVGrpc.newStub(channels.getFirst());

        for (int i = 0; i < puts; i++) {
            underWay.acquire();
            client.put(
                    request("small/" + i, ByteString.copyFromUtf8("v" + i)),
                    new StreamObserver<PutResponse>() {
                        @Override
                        public void onNext(PutResponse response) {}

                        @Override
                        public void onError(Throwable failure) {
                            failures.incrementAndGet();
                            underWay.release();
                        }

                        @Override
                        public void onCompleted() {
                            underWay.release();
                        }
                    });
        }
        underWay.acquire(1000);

        assertThat(failures).hasValue(0);
        assertAllAreEqualAt(1 + puts);
    }

    private void put(int number, ByteString value) {
        var _ =
                KVGrpc.newBlockingStub(channels.get(number % 2))
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .put(request("large/" + number % 4, value));
    }

    private static PutRequest request(String key, ByteString value) {
        return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(value).build();
    }

    private void assertAllAreEqualAt(long revision) throws InterruptedException {
        List<Integer> hashes = new ArrayList<>();
        for (ManagedChannel channel : channels) {
            hashes.add(hashAt(channel, revision));
        }
        assertThat(processes).allMatch(Process::isAlive);
        assertThat(hashes).hasSize(MEMBERS).containsOnly(hashes.getFirst());
    }

    /** Asks until the member has come as far. */
    private static int hashAt(ManagedChannel channel, long revision) throws InterruptedException {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                HashKVResponse response =
                        MaintenanceGrpc.newBlockingStub(channel)
                                .withWaitForReady()
                                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .hashKV(request);
                assertThat(response.getHeader().getRevision()).isEqualTo(revision);
                return response.getHash();
            } catch (StatusRuntimeException e) {
                boolean behind = e.getStatus().getCode() == Status.Code.OUT_OF_RANGE;
                if (!behind || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private void startAll() throws Exception {
        for (int i = 0; i < MEMBERS; i++) {
            processes.add(start(i));
            channels.add(
                    NettyChannelBuilder.forAddress("127.0.0.1", clientPorts.get(i))
                            .usePlaintext()
                            .build());
        }
        for (Process process : processes) {
            awaitReady(process);
        }
    }

    private Process start(int member) throws IOException {
        String client = "http://127.0.0.1:" + clientPorts.get(member);
        String peer = "http://127.0.0.1:" + peerPorts.get(member);
        String initial =
                IntStream.range(0, MEMBERS)
                        .mapToObj(i -> "m" + i + "=http://127.0.0.1:" + peerPorts.get(i))
                        .collect(Collectors.joining(","));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx" + HEAP_MB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Member.class.getName(),
                        "--name=m" + member,
                        "--data-dir=" + directory.resolve("m" + member),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=" + initial)
                .redirectError(directory.resolve("m" + member + ".err").toFile())
                .start();
    }

    private static void awaitReady(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.equals("ready")) {
            line = output.readLine();
        }
        assertThat(line).as("what a member says when it serves").isEqualTo("ready");
        Thread.startVirtualThread(() -> output.lines().forEach(_ -> {}));
    }

    private static List<Integer> ports() {
        return IntStream.range(0, MEMBERS).mapToObj(_ -> FreePort.take()).toList();
    }
}
