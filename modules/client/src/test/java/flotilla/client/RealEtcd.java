package flotilla.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The original etcd as a process of one member, on ports of its own. */
final class RealEtcd implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

    private final Path directory;
    private final int clientPort;
    private final int peerPort;
    private final String advertised;
    private Process process;

    private RealEtcd(Path directory, int clientPort, String advertised) throws IOException {
        this.directory = directory;
        this.advertised = advertised;
        this.clientPort = clientPort;
        this.peerPort = freePort();
        this.process = launch();
    }

    static RealEtcd start(Path directory) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM), "the original etcd is not installed at " + PROGRAM);
        int port = freePort();
        RealEtcd etcd = new RealEtcd(directory, port, "http://127.0.0.1:" + port);
        etcd.awaitServing();
        return etcd;
    }

    /** One that says that clients find it where another one is. */
    static RealEtcd startPosingAs(RealEtcd other, Path directory) throws IOException {
        RealEtcd etcd = new RealEtcd(directory, freePort(), other.endpoint());
        etcd.awaitServing();
        return etcd;
    }

    String endpoint() {
        return "http://127.0.0.1:" + clientPort;
    }

    EtcdClient client() {
        return EtcdClient.connect(ClientConfig.of(endpoint()));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void restart() throws IOException {
        process = launch();
        awaitServing();
    }

    private Process launch() throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        return new ProcessBuilder(
                        PROGRAM.toString(),
                        "--name=m",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + endpoint(),
                        "--advertise-client-urls=" + advertised,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=m=" + peer,
                        "--heartbeat-interval=20",
                        "--election-timeout=200",
                        "--logger=zap")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
    }

    private void awaitServing() {
        try (EtcdClient client = client()) {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> client.status(endpoint()).getLeader() != 0);
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
