package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member with a machine's heap, and crowds of clients that want nothing of it. */
class CrowdTest {
    private static final String HALF_A_HEAD = "GET /health HTTP/1.1\r\nHost: x\r\nX-Half: ";
    private static final String HALF_A_PREFACE = "PRI * HTT";
    private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    private static final int LARGE_BYTES = 1_400_000;

    @TempDir Path directory;
    private final int clients = FreePort.take();
    private final int peers = FreePort.take();
    private final List<SocketChannel> crowd = new ArrayList<>();
    private Process member;

    @BeforeEach
    void start() throws IOException {
        member = member();
        var output = member.inputReader();
        var _ = output.lines().filter("ready"::equals).findFirst().orElseThrow();
        Thread.startVirtualThread(() -> output.lines().forEach(_ -> {}));
    }

    @AfterEach
    void end() throws Exception {
        for (SocketChannel one : crowd) {
            one.close();
        }
        member.destroyForcibly().waitFor();
    }

    @ParameterizedTest
    @CsvSource({"600, half a head", "4000, nothing", "4000, half a preface", "4000, HTTP/2"})
    void a_crowd_that_asks_nothing_leaves_clients_answered(int size, String says) throws Exception {
        gather(clients, size, words(says));

        assertServes();
    }

    @Test
    void nine_thousand_half_heads_are_no_end_of_the_member() throws Exception {
        gather(clients, 9_000, HALF_A_HEAD);

        assertServes();
        assertThat(member.isAlive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4000, nothing", "4000, half a preface", "4000, HTTP/2", "9000, HTTP/2"})
    void a_crowd_at_the_peers_port_leaves_members_a_way_in(int size, String says) throws Exception {
        gather(peers, size, words(says));

        await().atMost(Duration.ofSeconds(20)).until(() -> looksAt(peers));
        assertServes();
        assertThat(member.isAlive()).isTrue();
    }

    @Test
    void half_messages_fill_the_room_for_large_ones_alone_until_they_are_gone() throws Exception {
        List<RawHttp2> halves = new ArrayList<>();
        ManagedChannel client =
                NettyChannelBuilder.forAddress("127.0.0.1", clients).usePlaintext().build();
        try {
            for (int i = 0; i < 30; i++) {
                RawHttp2 half = new RawHttp2(URI.create("http://127.0.0.1:" + clients));
                halves.add(half);
                for (int stream = 1; stream < 20; stream += 2) {
                    halfPut(half, stream);
                }
            }
            await().until(() -> put(client, LARGE_BYTES).contains("too many requests"));
            assertThat(put(client, 10)).isEqualTo("OK");

            for (RawHttp2 half : halves) {
                half.close();
            }
            await().until(() -> put(client, LARGE_BYTES).equals("OK"));
        } finally {
            client.shutdownNow();
        }
    }

    /** As much of a large message as one window takes. */
    private static void halfPut(RawHttp2 client, int stream) throws IOException {
        client.call(stream, "etcdserverpb.KV/Put");
        client.send(RawHttp2.DATA, 0, stream, RawHttp2.messageBegin(LARGE_BYTES, 6_000));
        for (int i = 0; i < 3; i++) {
            client.send(RawHttp2.DATA, 0, stream, new byte[16_000]);
        }
    }

    private static String put(ManagedChannel client, int bytes) {
        try {
            var _ =
                    KVGrpc.newBlockingStub(client)
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .put(
                                    PutRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8("key"))
                                            .setValue(ByteString.copyFrom(new byte[bytes]))
                                            .build());
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().toString();
        }
    }

    private static String words(String says) {
        return switch (says) {
            case "half a head" -> HALF_A_HEAD;
            case "half a preface" -> HALF_A_PREFACE;
            case "HTTP/2" -> HTTP2;
            default -> "";
        };
    }

    private void gather(int port, int size, String words) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < size; i++) {
            SocketChannel one = SocketChannel.open(address);
            crowd.add(one);
            boolean _ = say(one, words);
        }
    }

    /** Whether it was still let in then: one of a crowd may have been sent away already. */
    private static boolean say(SocketChannel one, String words) {
        try {
            return one.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.US_ASCII))) >= 0;
        } catch (IOException sentAway) {
            return false;
        }
    }

    /** A probe gives up after a second; the first may have to wait until the crowd is in. */
    private void assertServes() throws Exception {
        try (HttpClient probe = HttpClient.newHttpClient()) {
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> healthy(probe));
        }
        for (int i = 0; i < 5; i++) {
            try (HttpClient probe = HttpClient.newHttpClient()) {
                assertThat(healthy(probe)).isTrue();
            }
        }
    }

    private boolean healthy(HttpClient probe) throws IOException, InterruptedException {
        HttpRequest health =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + clients + "/health"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(Duration.ofSeconds(1))
                        .build();
        return probe.send(health, HttpResponse.BodyHandlers.ofString()).body().contains("true");
    }

    /** Whether whoever is no member is let in, looked at, and sent away at once. */
    private static boolean looksAt(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(HTTP2.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process member() throws IOException {
        String client = "http://127.0.0.1:" + clients;
        String peer = "http://127.0.0.1:" + peers;
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx80m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapCluster.Member.class.getName(),
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer)
                .redirectError(directory.resolve("err").toFile())
                .start();
    }
}
