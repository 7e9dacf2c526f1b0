package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FdForwardTest {
    private static final Charset UTF = StandardCharsets.UTF_8;

    @TempDir Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Path socket() {
        return folder.resolve("socket");
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return server.bind(UnixDomainSocketAddress.of(socket()));
    }

    @Test
    void what_comes_after_the_end_of_the_input_is_still_awaited() throws Exception {
        try (ServerSocketChannel server = listen()) {
            CompletableFuture<Void> echo =
                    CompletableFuture.runAsync(() -> {
                        try (SocketChannel client = server.accept()) {
                            // Answers only once it has been told that nothing more comes.
                            byte[] all = Channels.newInputStream(client).readAllBytes();
                            Channels.newOutputStream(client).write(all);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });

            FdForward.forward(
                    socket(),
                    Channels.newChannel(new ByteArrayInputStream("said".getBytes(UTF))),
                    Channels.newChannel(out));

            echo.join();
            assertThat(out.toString(UTF)).isEqualTo("said");
        }
    }

    @Test
    void it_ends_with_the_other_end_though_the_input_does_not() throws Exception {
        Pipe open = Pipe.open();
        try (ServerSocketChannel server = listen()) {
            CompletableFuture<Void> teller =
                    CompletableFuture.runAsync(() -> {
                        try (SocketChannel client = server.accept()) {
                            client.write(ByteBuffer.wrap("told".getBytes(UTF)));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });

            FdForward.forward(socket(), open.source(), Channels.newChannel(out));

            teller.join();
            assertThat(out.toString(UTF)).isEqualTo("told");
        } finally {
            open.sink().close();
        }
    }

    @Test
    void where_nobody_listens_nothing_is_written() {
        assertThatThrownBy(() ->
                        FdForward.forward(
                                socket(),
                                Channels.newChannel(new ByteArrayInputStream(new byte[0])),
                                Channels.newChannel(out)))
                .isInstanceOf(IOException.class);
        assertThat(out.size()).isZero();
    }
}
