package flotilla.platform.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a unix socket. It is bound under a passing name, made private, and only then renamed
 * to its own: so nobody can connect before its mode is 0600, and a file left behind by a killed
 * process is replaced in one step.
 */
final class SocketFile {
    private static final Logger log = LoggerFactory.getLogger(SocketFile.class);

    private final Path path;
    private final Path passing;

    private SocketFile(Path path, Path passing) {
        this.path = path;
        this.passing = passing;
    }

    /**
     * @throws IOException when somebody listens on it
     */
    static SocketFile claim(Path path) throws IOException {
        if (Files.exists(path) && answers(path)) {
            throw new IOException(
                    "can't listen on " + path + ": another process listens there; stop it first");
        }
        Path passing = path.resolveSibling(path.getFileName() + "~");
        Files.deleteIfExists(passing);
        return new SocketFile(path, passing);
    }

    private static boolean answers(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false; // Nobody listens: the file is what a killed process left.
        } catch (IOException e) {
            if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                throw new IOException("can't listen on " + path + ": it is no socket", e);
            }
            return false;
        }
    }

    UnixDomainSocketAddress bindTo() {
        return UnixDomainSocketAddress.of(passing);
    }

    void publish() throws IOException {
        Files.setPosixFilePermissions(passing, PosixFilePermissions.fromString("rw-------"));
        Files.move(passing, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void remove() {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(passing);
        } catch (IOException e) {
            log.warn("can't remove the socket file {}: {}", path, e.toString());
        }
    }
}
