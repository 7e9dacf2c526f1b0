package flotilla.fleet;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The original etcd as a store for fleet: a process of one member, on ports of its own. */
public final class OriginalEtcd implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

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

    void restart() throws IOException {
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

    private void awaitServing() {
        try (EtcdClient client = EtcdClient.connect(ClientConfig.of(endpoint))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.status(endpoint).getLeader() != 0);
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
