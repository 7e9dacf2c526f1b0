package flotilla.fleet;

import flotilla.fleet.api.FleetClient;
import flotilla.machine.FakeInit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A machine with an init in memory and a real fleetd, that can be killed and booted. */
final class TestMachine implements AutoCloseable {
    private static final Duration TTL = Duration.ofSeconds(2);

    private final String id;
    private final String host;
    private final Path root;
    private final String etcd;
    private final Map<String, String> metadata;
    private final FakeInit init = new FakeInit();
    private FleetDaemon daemon;

    /**
     * @param root its last part is the host's name: m1 and so on
     */
    TestMachine(String id, Path root, String etcd, Map<String, String> metadata)
            throws IOException {
        this.id = id;
        this.host = root.getFileName().toString();
        this.root = root;
        this.etcd = etcd;
        this.metadata = metadata;
        this.daemon = launch();
    }

    /** Another machine with this one's id, as when a disk was copied. */
    TestMachine twin(String host) throws IOException {
        return new TestMachine(id, root.resolveSibling(host), etcd, metadata);
    }

    private FleetDaemon launch() throws IOException {
        return FleetDaemon.start(
                config(etcd, "10.0.0." + this.host.substring(1), metadata),
                init.ports(id, "host-" + host),
                root);
    }

    static FleetConfig config(String etcd, String ip, Map<String, String> metadata) {
        return config(etcd, ip, metadata, TTL);
    }

    static FleetConfig config(String etcd, String ip, Map<String, String> metadata, Duration ttl) {
        FleetConfig defaults = FleetConfig.defaults();
        return new FleetConfig(
                java.util.List.of(etcd),
                Duration.ofSeconds(2),
                defaults.etcdKeyPrefix(),
                Optional.empty(),
                defaults.etcdTls(),
                Optional.of(ip),
                Optional.empty(),
                metadata,
                ttl,
                defaults.tokenLimit(),
                false,
                true,
                0);
    }

    String id() {
        return id;
    }

    FakeInit init() {
        return init;
    }

    FleetDaemon daemon() {
        return daemon;
    }

    FleetClient client() {
        return FleetClient.to(java.net.URI.create("unix://" + FleetDaemon.socket(root)));
    }

    /** Only the daemon starts again; the init goes on as it was. */
    void restartDaemon() throws IOException {
        daemon.kill();
        daemon = launch();
    }

    @Override
    public void close() {
        daemon.kill();
    }
}
