package flotilla.fleet;

import flotilla.client.ClientConfig;
import flotilla.client.ClusterToken;
import flotilla.client.EtcdClient;
import flotilla.fleet.agent.Fence;
import flotilla.fleet.agent.loop.Agent;
import flotilla.fleet.agent.loop.AgentConfig;
import flotilla.fleet.agent.loop.Heart;
import flotilla.fleet.api.Api;
import flotilla.fleet.api.ApiConfig;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.HealthBody;
import flotilla.fleet.engine.office.Engine;
import flotilla.fleet.engine.office.EngineMetrics;
import flotilla.fleet.gate.Audit;
import flotilla.fleet.gate.Belonging;
import flotilla.fleet.gate.Callers;
import flotilla.fleet.gate.Gate;
import flotilla.fleet.image.Blobs;
import flotilla.fleet.image.Images;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Host;
import flotilla.machine.HostFacts;
import flotilla.machine.Ports;
import flotilla.machine.docker.DockerEngine;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpServer;
import flotilla.platform.metrics.Metrics;
import flotilla.platform.tls.TlsFiles;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Joiner.Self;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine's fleetd: its agent, its candidate for engine, its API. Starts without the store and
 * joins the cluster once the store answers; until then the API answers 503.
 */
public final class FleetDaemon implements AutoCloseable {
    /** Told to clients as {@code Server: fleetd/VERSION}. */
    public static final String VERSION = "1.0.0";

    private static final Logger log = LoggerFactory.getLogger(FleetDaemon.class);

    /** How long units may take to stop when the machine leaves; systemd's own default limit. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    /** Where a machine keeps images, below its root. */
    private static final String IMAGES = "var/lib/flotilla/fleet/images";

    private final FleetConfig config;
    private final EtcdClient client;
    private final Heart heart;
    private final Agent agent;
    private final @Nullable Engine engine;
    private final HttpServer server;
    private final Optional<Belonging> belonging;
    private final Host host;
    private boolean closed;

    private FleetDaemon(FleetConfig config, Ports ports, Site site) throws IOException {
        this.host = ports.host();
        this.config = config;
        HostFacts facts = host.facts();
        Clock clock = Clock.system();
        Optional<Belonging.Site> cluster =
                config.trust().map(directory -> cluster(config, facts, directory));
        if (cluster.isPresent()) {
            Belonging.renewIfEnded(cluster.get(), clock);
        }
        this.client = EtcdClient.connect(store(config));
        Registry registry = new Registry(client, new Layout(config.etcdKeyPrefix()), clock);
        this.heart = new Heart(registry, machine(config, facts), config.agentTtl());
        AgentConfig agentConfig =
                new AgentConfig(
                        facts.machineId(),
                        facts.bootId(),
                        site.root().resolve("run/fleet/units.log"),
                        Fence.of(config.agentTtl()));
        Metrics metrics = new Metrics();
        this.belonging = belonging(cluster, clock);
        Images images = images(registry, site.root(), facts.machineId());
        Api api =
                new Api(
                        new ApiConfig(facts.machineId(), VERSION, config.tokenLimit()),
                        new Api.Parts(
                                registry,
                                ports.init(),
                                ports.journal(),
                                clock,
                                metrics,
                                heart::hasReachedCluster,
                                this::health,
                                images,
                                belonging.map(Belonging::peers),
                                belonging.map(Belonging::api)));
        // First what may fail: nothing may run on that a daemon which did not start has begun.
        this.server = listen(api, site);
        server.showConnections(metrics);
        try {
            if (belonging.isPresent()) {
                belonging.get().begin(api);
            }
            this.agent = Agent.start(registry, ports.init(), images, agentConfig);
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        this.engine =
                config.disableEngine()
                        ? null
                        : Engine.start(
                                registry,
                                facts.machineId(),
                                config.engineTtl(),
                                new EngineMetrics(metrics));
    }

    private Images images(Registry registry, Path root, String machineId) {
        return new Images(
                registry,
                new Images.Site(
                        Blobs.in(root.resolve(IMAGES)),
                        new DockerEngine(root.resolve("run/docker.sock")),
                        belonging.map(Belonging::peers),
                        machineId));
    }

    private static ClientConfig store(FleetConfig config) throws IOException {
        ClientConfig store =
                ClientConfig.of(config.etcdServers())
                        .withRequestTimeout(config.etcdRequestTimeout());
        if (!config.etcdTls().equals(TlsFiles.NONE)) {
            store = store.withTls(config.etcdTls());
        }
        return config.etcdTokenFile().isPresent()
                ? store.withToken(ClusterToken.read(config.etcdTokenFile().get()))
                : store;
    }

    private static Belonging.Site cluster(FleetConfig config, HostFacts host, Path directory) {
        return new Belonging.Site(
                new TrustHome(directory),
                new Self(
                        host.machineId(),
                        host.hostname().toLowerCase(Locale.ROOT),
                        List.of(config.publicIp().orElse(host.address()))),
                config.etcdServers(),
                config.etcdTls());
    }

    private Optional<Belonging> belonging(Optional<Belonging.Site> cluster, Clock clock)
            throws IOException {
        try {
            return cluster.isPresent()
                    ? Optional.of(Belonging.open(cluster.get(), client, clock))
                    : Optional.empty();
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private HealthBody health() {
        Engine candidate = engine;
        if (candidate == null) {
            // Also for the moment before it stands: what is said then is asked again.
            return HealthBody.of(
                    isInCluster(), config.disableEngine() ? "disabled" : "starting", true);
        }
        String trouble = candidate.trouble();
        String word = candidate.leading() ? "leads" : "stands by";
        return HealthBody.of(
                isInCluster(), trouble.isEmpty() ? word : "fails: " + trouble, trouble.isEmpty());
    }

    /** Where the API of a machine with this root directory listens. */
    public static Path socket(Path root) {
        return FleetClient.socketOf(root);
    }

    /**
     * Where a daemon is at home.
     *
     * @param root the machine's root directory, {@code /} on a real host
     * @param handed the API's socket, where the service manager made it
     */
    public record Site(Path root, Optional<Channel> handed) {}

    /**
     * Completes when the loops that look after this machine have come round; a daemon that does not
     * answer is hung. Does not wait for the store.
     */
    public CompletableFuture<Void> pulse() {
        return CompletableFuture.allOf(agent.pulse(), heart.pulse());
    }

    /**
     * Returns once the API listens on {@link #socket}, which is open to its owner alone.
     *
     * @param ports of the machine; stay open when the daemon ends
     * @param root the machine's root directory, {@code /} on a real host
     */
    public static FleetDaemon start(FleetConfig config, Ports ports, Path root) throws IOException {
        return start(config, ports, new Site(root, Optional.empty()));
    }

    /** The same, on a socket of somebody else's if there is one. */
    public static FleetDaemon start(FleetConfig config, Ports ports, Site site) throws IOException {
        FleetDaemon daemon = new FleetDaemon(config, ports, site);
        daemon.heart.start(daemon.agent::hear);
        return daemon;
    }

    private HttpServer listen(Api api, Site site) throws IOException {
        Gate gate = new Gate(Callers.local(), Audit.toLog(), api);
        try {
            HttpServer listening =
                    site.handed().isPresent()
                            ? HttpServer.serve(site.handed().get(), gate)
                            : listen(gate, socket(site.root()));
            log.info("fleet's API listens on {}", listening.address());
            return listening;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static HttpServer listen(Gate gate, Path socket) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        return HttpServer.listen(UnixDomainSocketAddress.of(socket), gate);
    }

    private static Machine machine(FleetConfig config, HostFacts host) {
        return new Machine(
                        host.machineId(),
                        config.publicIp().orElse(host.address()),
                        host.hostname(),
                        config.metadata(),
                        new Capacity(host.memoryBytes(), host.milliCpus()),
                        VERSION)
                .withFence(Fence.of(config.agentTtl()).graceMillis());
    }

    /** Whether this machine has been in the cluster since the daemon began. */
    public boolean hasReachedCluster() {
        return heart.hasReachedCluster();
    }

    /** Whether this machine is in the cluster now, as far as it knows. */
    public boolean isInCluster() {
        return heart.lease().isPresent();
    }

    /** Whether this machine's engine leads, as far as it knows. */
    public boolean leads() {
        return engine != null && engine.leading();
    }

    /**
     * Ends the daemon in order. As the settings say, first stops every unit and takes the machine
     * out of the cluster, so that its units move at once; blocks while they stop.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (config.leaveOnStop()) {
            heart.sayGoodbye();
        } else if (!host.isStopping()) {
            heart.stay();
        }
        if (engine != null) {
            engine.close();
        }
        if (config.leaveOnStop()) {
            leave();
        } else {
            agent.close();
            heart.abandon();
        }
        release();
    }

    private void leave() {
        try {
            if (heart.hasReachedCluster() && agent.unloadAll(STOP_LIMIT)) {
                heart.sayStopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        agent.close();
        heart.close();
    }

    /** Ends as a crash would: units run on, the cluster finds out when the leases end. */
    public void kill() {
        if (closed) {
            return;
        }
        closed = true;
        if (engine != null) {
            engine.kill();
        }
        agent.close();
        heart.abandon();
        release();
    }

    private void release() {
        belonging.ifPresent(Belonging::close);
        server.close();
        client.close();
    }
}
