package flotilla.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A socket that somebody else has bound, and goes on listening to between two servers. */
class HandedSocketTest {
    @TempDir private Path directory;

    @Test
    void clients_that_come_between_two_servers_are_served_by_the_second() throws Exception {
        UnixDomainSocketAddress address =
                UnixDomainSocketAddress.of(directory.resolve("fleet.sock"));
        try (ServerSocketChannel handed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            handed.bind(address);
            try (HttpServer first = HttpServer.serve(handed, _ -> Response.text(200, "first"))) {
                assertThat(first.address()).isEqualTo(address);
                assertThat(asked(SocketChannel.open(address))).endsWith("first");
            }
            SocketChannel early = SocketChannel.open(address);
            try (HttpServer _ = HttpServer.serve(handed, _ -> Response.text(200, "second"))) {
                assertThat(asked(early)).endsWith("second");
                assertThat(asked(SocketChannel.open(address))).endsWith("second");
            }
        }
    }

    @Test
    void a_port_is_not_served_that_somebody_else_has_bound() throws IOException {
        try (ServerSocketChannel port = ServerSocketChannel.open()) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            assertThatThrownBy(() -> HttpServer.serve(port, _ -> Response.text(200, "")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no unix socket");
        }
    }

    private static String asked(SocketChannel client) throws IOException {
        try (client) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(
                    Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
