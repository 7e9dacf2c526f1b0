package flotilla.provision.discovery;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import flotilla.provision.process.JvmProcess;
import flotilla.provision.process.PortHolder;
import flotilla.provision.process.ProcessTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A cluster's own token service, started when needed.
 *
 * @param address of this machine's, where the cluster's machines reach it
 * @param directory where it keeps the tokens
 */
public record TokenService(String address, Path directory) {
    /** The port of discovery.etcd.io's own server, in its stand-alone form. */
    private static final int PORT = 8087;

    /** A small heap: it keeps some tokens. */
    private static final List<String> FLAGS = List.of("-Xmx24m", "-XX:TieredStopAtLevel=1");

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    URI url() {
        return URI.create("http://" + address + ":" + PORT);
    }

    Optional<ProcessHandle> process() {
        return ProcessTable.find(DiscoveryProcess.class, directory);
    }

    /** Begins to start it when it does not run; {@link #newToken} waits until it serves. */
    private void start() {
        if (process().isPresent()) {
            return;
        }
        PortHolder.of(address, PORT)
                .ifPresent(holder -> {
                    throw new ProvisionException(
                            "the discovery service can't have %s:%d: %s listens there; stop it, or choose another FLOTILLA_SUBNET"
                                    .formatted(address, PORT, holder));
                });
        jvm().start(Map.of());
    }

    private JvmProcess jvm() {
        return new JvmProcess(
                DiscoveryProcess.class, directory, List.of(address, Integer.toString(PORT)), FLAGS);
    }

    /**
     * Serves the machines that boot from a user-data, when it has them find each other by a token.
     *
     * @param anew of how many machines a new cluster is, which gets a token of its own; empty: of
     *     one that has its token
     * @return the user-data with the token that counts
     */
    public String serve(String userData, OptionalInt anew, Progress progress)
            throws InterruptedException {
        if (DiscoveryUrl.in(userData).isEmpty()) {
            return userData;
        }
        start();
        if (anew.isEmpty()) {
            return userData;
        }
        String token = newToken(anew.getAsInt());
        progress.step("new discovery token for " + anew.getAsInt() + ": " + token);
        return DiscoveryUrl.replaceIn(userData, token);
    }

    /** The URL of a new token for so many machines. Blocks until the service gives one. */
    private String newToken(int size) throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        try (HttpCaller caller = HttpCaller.to(url()).timeout(ANSWER_MAX)) {
            while (true) {
                try {
                    Reply reply = caller.get("/new?size=" + size);
                    if (reply.status() != 200) {
                        throw new ProvisionException(
                                "no new token from " + url() + ": " + reply.text().strip());
                    }
                    return reply.text().strip();
                } catch (IOException e) {
                    if (System.nanoTime() > deadline || process().isEmpty()) {
                        throw new ProvisionException(
                                "the discovery service does not answer at "
                                        + url()
                                        + "; its last words:\n  "
                                        + jvm().lastWords(),
                                e);
                    }
                    Thread.sleep(POLL);
                }
            }
        }
    }

    public void stop() throws InterruptedException {
        Optional<ProcessHandle> running = process();
        if (running.isPresent()) {
            ProcessTable.terminate(running.get(), STOP_PATIENCE);
        }
    }
}
