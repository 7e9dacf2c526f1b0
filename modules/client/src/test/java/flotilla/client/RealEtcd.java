package flotilla.client;

import flotilla.platform.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
    private final String scheme;
    private Process process;

    private RealEtcd(Path directory, int clientPort, String advertised) throws IOException {
        this.directory = directory;
        this.advertised = advertised;
        this.scheme = advertised.replaceFirst(":.*", "");
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

    /** One with a certificate that it makes itself. */
    static RealEtcd startWithTls(Path directory) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM), "the original etcd is not installed at " + PROGRAM);
        int port = freePort();
        RealEtcd etcd = new RealEtcd(directory, port, "https://127.0.0.1:" + port);
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> Files.exists(etcd.certificate()));
        etcd.awaitServing();
        return etcd;
    }

    /** By which a client knows it. */
    Path certificate() {
        return directory.resolve("data/fixtures/client/cert.pem");
    }

    /** One that says that clients find it where another one is. */
    static RealEtcd startPosingAs(RealEtcd other, Path directory) throws IOException {
        RealEtcd etcd = new RealEtcd(directory, freePort(), other.endpoint());
        etcd.awaitServing();
        return etcd;
    }

    String endpoint() {
        return scheme + "://127.0.0.1:" + clientPort;
    }

    EtcdClient client() throws IOException {
        ClientConfig config = ClientConfig.of(endpoint());
        return EtcdClient.connect(
                scheme.equals("https") ? config.withTls(trusting(certificate())) : config);
    }

    static TlsFiles trusting(Path authority) {
        return new TlsFiles(
                Optional.empty(), Optional.empty(), Optional.of(authority), Optional.empty());
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
                        "--auto-tls=" + scheme.equals("https"),
                        "--logger=zap")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
    }

    private void awaitServing() throws IOException {
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
