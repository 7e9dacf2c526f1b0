package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "fd-forward",
        mixinStandardHelpOptions = true,
        description = {
            FdForward.SUMMARY,
            "The original's --tunnel has this run on the other machine; ours needs nothing there."
        },
        footer = {"", "  ssh core@core-01 fleetctl fd-forward /var/run/fleet.sock"})
final class FdForward implements Callable<Integer> {
    static final String SUMMARY =
            "Copy standard input to a unix socket, and it to standard output.";

    private static final int CHUNK_BYTES = 1 << 16;

    @Parameters(paramLabel = "SOCKET", description = "The socket's path")
    private Path socket = Path.of("");

    @Override
    public Integer call() {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            forward(socket, in.getChannel(), out.getChannel());
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(socket + ": " + e.getMessage());
        }
    }

    /**
     * Returns when the socket's other end has said all. The end of the input is passed on, and what
     * comes then still awaited.
     */
    static void forward(Path socket, ReadableByteChannel in, WritableByteChannel out)
            throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            // Ends with the process: what has said all takes no more.
            Thread.ofPlatform().daemon().start(() -> send(in, channel));
            copy(channel, out);
        }
    }

    private static void send(ReadableByteChannel in, SocketChannel channel) {
        try {
            copy(in, channel);
            channel.shutdownOutput();
        } catch (IOException e) {
            return; // Who takes no more may still have something to say.
        }
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_BYTES);
        while (from.read(bytes) >= 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
            bytes.clear();
        }
    }
}
