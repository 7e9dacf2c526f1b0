package flotilla.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a slow or greedy client can't take from the others. */
class HttpLimitsTest {
    private static final Handler OK = request -> Response.text(200, "ok");
    private static final int LARGE_BYTES = 1_500_000;
    private static final HttpLimits LIMITS = new HttpLimits(2_000_000, 8_000_000, 100);

    @Test
    void uploads_that_stop_halfway_fill_the_room_for_large_ones_alone_until_they_are_gone()
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (HttpServer server = HttpServer.listen(any, OK, LIMITS);
                HttpCaller caller =
                        HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()))) {
            List<Socket> stopped = new ArrayList<>();
            for (int upload = 0; upload < 60; upload++) {
                stopped.add(stopHalfway(server.port()));
            }

            await().until(() -> put(caller, LARGE_BYTES) == 503);
            assertThat(put(caller, 1_000)).isEqualTo(200);
            assertThat(caller.get("/").status()).isEqualTo(200);

            for (Socket socket : stopped) {
                socket.close();
            }
            await().until(() -> put(caller, LARGE_BYTES) == 200);
        }
    }

    private static Socket stopHalfway(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        String head = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n";
        out.write((head + "half").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static int put(HttpCaller caller, int bytes) throws IOException {
        return caller.call("PUT", "/", Map.of(), new byte[bytes]).status();
    }

    @Test
    void chunks_count_as_they_come_and_a_body_s_room_is_given_back_with_its_answer()
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (HttpServer server = HttpServer.listen(any, OK, LIMITS);
                HttpCaller caller =
                        HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()))) {
            for (int round = 0; round < 20; round++) {
                assertThat(put(caller, LARGE_BYTES)).isEqualTo(200);
            }
            String chunk = "100000\r\n" + "a".repeat(1 << 20) + "\r\n";

            assertThat(chunked(server.port(), chunk + "0\r\n\r\n")).contains(" 200 ");
            assertThat(chunked(server.port(), chunk + chunk + "0\r\n\r\n")).contains(" 413 ");
        }
    }

    private static String chunked(int port, String chunks) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head =
                    String.join(
                            "\r\n",
                            "PUT / HTTP/1.1",
                            "Host: x",
                            "Connection: close",
                            "Transfer-Encoding: chunked",
                            "",
                            "");
            socket.getOutputStream().write((head + chunks).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static EmbeddedChannel door(HttpPipeline pipeline) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        pipeline.install(channel.pipeline());
        return channel;
    }

    private static void send(EmbeddedChannel channel, String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private static String after(EmbeddedChannel channel, long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
        StringBuilder answer = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound();
                piece != null;
                piece = channel.readOutbound()) {
            answer.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
        }
        return answer.toString();
    }

    @Test
    void a_head_that_does_not_become_complete_is_answered_408_and_cut() {
        try (HttpPipeline pipeline = new HttpPipeline(OK, LIMITS)) {
            EmbeddedChannel channel = door(pipeline);
            send(channel, "GET / HTTP/1.1\r\n");
            assertThat(after(channel, 9)).isEmpty();
            send(channel, "Ho");

            assertThat(after(channel, 2)).startsWith("HTTP/1.1 408 ");
            after(channel, 3);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void who_is_refused_in_the_middle_of_a_body_may_send_on_but_not_for_ever() {
        try (HttpPipeline pipeline = new HttpPipeline(OK, LIMITS)) {
            EmbeddedChannel channel = door(pipeline);
            send(channel, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\na");
            assertThat(after(channel, 0)).startsWith("HTTP/1.1 413 ");

            for (int second = 0; second < 29; second++) {
                send(channel, "a".repeat(1000));
                assertThat(after(channel, 1)).isEmpty();
            }
            assertThat(channel.isOpen()).isTrue();

            after(channel, 1);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void a_client_that_sends_all_of_ten_megabytes_first_reads_the_refusal(@TempDir Path directory)
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Path socket = directory.resolve("s");
        for (SocketAddress address : List.of(any, UnixDomainSocketAddress.of(socket))) {
            try (HttpServer server = HttpServer.listen(address, OK, LIMITS);
                    HttpCaller caller =
                            HttpCaller.to(
                                    URI.create(
                                            address.equals(any)
                                                    ? "http://127.0.0.1:" + server.port()
                                                    : "unix:" + socket))) {
                for (int i = 0; i < 10; i++) {
                    assertThat(put(caller, 10_000_000)).isEqualTo(413);
                }
            }
        }
    }

    @Test
    void a_body_may_be_slow_but_neither_silent_nor_endless() {
        try (HttpPipeline pipeline = new HttpPipeline(OK, LIMITS)) {
            EmbeddedChannel silent = door(pipeline);
            send(silent, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na");
            assertThat(after(silent, 11)).startsWith("HTTP/1.1 408 ");

            EmbeddedChannel slow = door(pipeline);
            send(slow, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na");
            for (int piece = 0; piece < 7; piece++) {
                assertThat(after(slow, 8)).isEmpty();
                send(slow, "a");
            }
            assertThat(after(slow, 8)).startsWith("HTTP/1.1 408 ");
        }
    }
}
