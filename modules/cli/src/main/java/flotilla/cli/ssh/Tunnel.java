package flotilla.cli.ssh;

import flotilla.cli.command.CommandFailure;
import flotilla.platform.disk.Disk;
import flotilla.platform.process.Tail;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A socket here, in a directory that only this user enters, that leads to a socket or a port as
 * seen from another host: ssh forwards it. One connection carries whatever comes, for as long as
 * this process runs and holds it open.
 */
public final class Tunnel implements AutoCloseable {
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final Place host;
    private final Path folder;
    private final Process process;
    private final Tail words;

    /** Characters of ssh's words from before the tunnel was there. */
    private int saidBefore;

    private Tunnel(Place host, Path folder, Process process) {
        this.host = host;
        this.folder = folder;
        this.process = process;
        this.words = Tail.of(process.getErrorStream(), Client.WORDS_BYTES_MAX);
    }

    /**
     * Blocks until it is there; may ask at the terminal, as ssh does.
     *
     * @param remote a socket's path, or {@code host:port}
     * @throws CommandFailure with ssh's words, and what to do next
     */
    public static Tunnel open(OpenSsh ssh, Place host, String remote) {
        Path folder = folder();
        Tunnel tunnel = null;
        boolean open = false;
        try {
            tunnel =
                    new Tunnel(
                            host,
                            folder,
                            new Client(ssh)
                                    .start(
                                            new ProcessBuilder(
                                                    ssh.forward(
                                                            host,
                                                            socket(folder),
                                                            remote,
                                                            control(folder)))));
            if (!tunnel.isReady()) {
                throw new CommandFailure(tunnel.failure(ssh));
            }
            tunnel.saidBefore = tunnel.words.text().length();
            open = true;
            return tunnel;
        } finally {
            if (!open) {
                end(tunnel, folder);
            }
        }
    }

    private static void end(@Nullable Tunnel tunnel, Path folder) {
        if (tunnel == null) {
            remove(folder);
        } else {
            tunnel.close();
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("fleetctl-");
        } catch (IOException e) {
            throw new CommandFailure("can't make a directory for a socket: " + e.getMessage());
        }
    }

    private static Path socket(Path folder) {
        return folder.resolve("fleet");
    }

    private static Path control(Path folder) {
        return folder.resolve("ssh");
    }

    /** By {@link OpenSsh#forward}'s word; a host's banner goes elsewhere. */
    private boolean isReady() {
        try {
            BufferedReader said = process.inputReader();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.equals("ready")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private String failure(OpenSsh ssh) {
        awaitWords();
        String said = words.text().strip();
        String advice = Refusal.advice(ssh, host, said);
        return "no tunnel through %s@%s: %s%s"
                .formatted(
                        ssh.user(),
                        host.host(),
                        said.isEmpty() ? "ssh ended without a word" : said,
                        advice.isEmpty() ? "" : "\n" + advice);
    }

    /** What to connect to. */
    public SocketAddress address() {
        return UnixDomainSocketAddress.of(socket(folder));
    }

    /** For others that go by the same host. */
    public OpenSsh.Over way() {
        return new OpenSsh.Over(host, Optional.of(control(folder)));
    }

    /** Ends it, and returns what ssh has said since it was there: of what did not go through. */
    public String lastWords() {
        close();
        String said = words.text();
        return said.substring(Math.min(saidBefore, said.length())).strip();
    }

    private void awaitWords() {
        try {
            words.await(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        // By its handle: a process that is destroyed itself is no more listened to.
        process.toHandle().destroy();
        awaitWords();
        process.destroyForcibly();
        remove(folder);
    }

    private static void remove(Path folder) {
        try {
            Disk.deleteTree(folder);
        } catch (IOException e) {
            return; // An empty directory for temporary files harms nobody.
        }
    }
}
