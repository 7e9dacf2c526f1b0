package flotilla.store;

import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A single-member etcd inside a Java program: what it keeps is in {@code dataDir} alone. */
public final class EmbeddedEtcd implements AutoCloseable {
    /** A single member elects itself at once; longer means that something is wrong. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EtcdDaemon daemon;
    private final URI endpoint;

    private EmbeddedEtcd(EtcdDaemon daemon, URI endpoint) {
        this.daemon = daemon;
        this.endpoint = endpoint;
    }

    /** Serves on free loopback ports; blocks until it does. */
    public static EmbeddedEtcd start(Path dataDir) throws IOException, InterruptedException {
        return start(dataDir, freeUrl());
    }

    public static EmbeddedEtcd start(Path dataDir, URI client)
            throws IOException, InterruptedException {
        EtcdDaemon daemon = EtcdDaemon.start(EtcdConfig.single(dataDir, client, freeUrl()));
        try {
            daemon.ready().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new EmbeddedEtcd(daemon, client);
        } catch (ExecutionException | TimeoutException e) {
            daemon.close();
            throw new IOException("embedded etcd in " + dataDir + " did not get ready", e);
        }
    }

    /** For a client: {@code http://127.0.0.1:port}. */
    public URI endpoint() {
        return endpoint;
    }

    private static URI freeUrl() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Override
    public void close() throws IOException {
        daemon.close();
    }
}
