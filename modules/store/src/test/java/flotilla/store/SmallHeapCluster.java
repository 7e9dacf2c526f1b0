package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.protocol.HashKVRequest;
import flotilla.protocol.HashKVResponse;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three members, each a JVM with a heap of 96 MB. */
final class SmallHeapCluster implements AutoCloseable {
    static final int HEAP_MB = 96;
    static final int PATIENCE_SECONDS = 60;
    static final int MEMBERS = 3;

    /** Of an answer that a client takes. */
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final Path directory;
    private final List<Integer> clientPorts = ports();
    private final List<Integer> peerPorts = ports();
    private final List<Process> processes = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    private SmallHeapCluster(Path directory) {
        this.directory = directory;
    }

    /** A member that runs until it is killed. */
    static final class Member {
        private Member() {}

        public static void main(String[] flags) throws Exception {
            EtcdDaemon.start(EtcdConfig.parse(Arrays.asList(flags), Map.of())).ready().get();
            System.out.println("ready");
            new Semaphore(0).acquire();
        }
    }

    static SmallHeapCluster start(Path directory) throws IOException {
        SmallHeapCluster cluster = new SmallHeapCluster(directory);
        for (int i = 0; i < MEMBERS; i++) {
            cluster.processes.add(cluster.launch(i));
            cluster.channels.add(cluster.connect(i));
        }
        for (Process process : cluster.processes) {
            awaitReady(process);
        }
        return cluster;
    }

    /** Shared by those who ask for it. */
    ManagedChannel channel(int member) {
        return channels.get(member);
    }

    /** A connection of its own, to be shut down by who asked for it. */
    ManagedChannel connect(int member) {
        return NettyChannelBuilder.forAddress("127.0.0.1", clientPorts.get(member))
                .usePlaintext()
                .maxInboundMessageSize(ANSWER_BYTES_MAX)
                .build();
    }

    int clientPort(int member) {
        return clientPorts.get(member);
    }

    void kill(int member) throws InterruptedException {
        processes.get(member).destroyForcibly().waitFor();
    }

    void startAgain(int member) throws IOException {
        processes.set(member, launch(member));
        awaitReady(processes.get(member));
    }

    void assertAllAreAliveAndEqualAt(long revision) {
        List<Integer> hashes = channels.stream().map(c -> hashAt(c, revision)).toList();
        assertThat(processes).allMatch(Process::isAlive);
        assertThat(hashes).hasSize(MEMBERS).containsOnly(hashes.getFirst());
    }

    /** Waits until the member has come as far. */
    static int hashAt(ManagedChannel channel, long revision) {
        AtomicInteger hash = new AtomicInteger();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> {
                    try {
                        HashKVResponse response = askHash(channel, revision);
                        assertThat(response.getHeader().getRevision()).isEqualTo(revision);
                        hash.set(response.getHash());
                        return true;
                    } catch (StatusRuntimeException e) {
                        if (e.getStatus().getCode() != Status.Code.OUT_OF_RANGE) {
                            throw e;
                        }
                        return false; // it is behind
                    }
                });
        return hash.get();
    }

    private static HashKVResponse askHash(ManagedChannel channel, long revision) {
        return MaintenanceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    private Process launch(int member) throws IOException {
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
        // Not a virtual one: reading a pipe holds its carrier.
        var _ = Thread.ofPlatform().daemon().start(() -> output.lines().forEach(_ -> {}));
    }

    private static List<Integer> ports() {
        return IntStream.range(0, MEMBERS).mapToObj(_ -> FreePort.take()).toList();
    }

    @Override
    public void close() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
