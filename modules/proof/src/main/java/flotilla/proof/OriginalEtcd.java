package flotilla.proof;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The original etcd: a process of one member, on ports of its own. */
public final class OriginalEtcd implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Path directory;
    private final String endpoint;
    private final String peer;
    private Process process;

    private OriginalEtcd(Path directory) throws IOException {
        this.directory = directory;
        this.endpoint = "http://127.0.0.1:" + freePort();
        this.peer = "http://127.0.0.1:" + freePort();
        this.process = launch();
    }

    public static OriginalEtcd start(Path directory) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM), "the original etcd is not installed at " + PROGRAM);
        OriginalEtcd etcd = new OriginalEtcd(directory);
        etcd.awaitServing();
        return etcd;
    }

    public String endpoint() {
        return endpoint;
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public void restart() throws IOException {
        process = launch();
        awaitServing();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        PROGRAM.toString(),
                        "--name=m",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + endpoint,
                        "--advertise-client-urls=" + endpoint,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=m=" + peer,
                        "--heartbeat-interval=20",
                        "--election-timeout=200")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
    }

    private void awaitServing() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isHealthy()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("etcd does not serve: see " + directory.resolve("etcd.log"));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** Whether it has a leader and applies what is proposed. */
    private boolean isHealthy() {
        try {
            HttpURLConnection health =
                    (HttpURLConnection) URI.create(endpoint + "/health").toURL().openConnection();
            health.setConnectTimeout((int) PATIENCE.toMillis());
            health.setReadTimeout((int) PATIENCE.toMillis());
            return health.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
