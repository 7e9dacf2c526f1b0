package flotilla.store.wire;

import flotilla.platform.Clock;
import flotilla.platform.Recurring;
import flotilla.platform.http.BodyBudget;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpPipeline;
import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.metrics.Metrics;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.CompactionResponse;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.command.Command;
import flotilla.store.compaction.AutoCompactor;
import flotilla.store.log.Membership;
import flotilla.store.log.RaftMetrics;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that clients are served, put together and listening. */
public final class EtcdService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EtcdService.class);

    /** How often clients that take too long are looked for. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("etcd-service-timer").factory());
    private final Reads reads;
    private final EtcdPort port;
    private final Metrics metrics;

    private EtcdService(Reads reads, EtcdPort port, Metrics metrics) {
        this.reads = reads;
        this.port = port;
        this.metrics = metrics;
    }

    /**
     * What is served, and from what.
     *
     * @param raft the log's own counters
     * @param trouble why the member can't go on and must be stopped; empty as long as it can
     */
    public record Store(
            Membership membership,
            EtcdStateMachine machine,
            ReplicatedLog log,
            Supplier<RaftMetrics> raft,
            Supplier<Optional<String>> trouble) {}

    /**
     * @param urls where, {@code http://host:port} or with TLS
     * @throws IOException naming the addresses that could not be bound, or the token's or a
     *     certificate's file that can't be read
     */
    public static EtcdService open(EtcdConfig config, List<URI> urls, Store store)
            throws IOException {
        ReplicatedLog log = store.log();
        EtcdStateMachine machine = store.machine();
        Identity identity =
                new Identity(store.membership().clusterId(), store.membership().self(), log);
        Reads reads = new Reads(log);
        SpaceQuota quota = new SpaceQuota(log, machine, config.space().quotaBytes());
        Proposals proposals = new Proposals(log, config.maxRequestBytes(), quota);
        Parts parts = new Parts(identity, machine, proposals, reads);
        LeaderWatchdog watchdog = new LeaderWatchdog(log);
        Stream<BindableService> services =
                services(config, parts, new WatchService(identity, machine.watches(), watchdog));
        StoreMetrics metrics = new StoreMetrics(store);
        metrics.metrics()
                .gauge(
                        "etcd_server_quota_backend_bytes",
                        "What the state may take up of the disk.",
                        config.space()::quotaBytes);
        CallCounter counter = new CallCounter(metrics.metrics());
        BodyBudget bodies = new BodyBudget(HttpLimits.DEFAULT.bodiesBytes());
        Exchanges exchanges = exchanges(bodies, metrics);
        List<ServerInterceptor> interceptors = interceptors(config, store, exchanges, counter);
        List<ServerServiceDefinition> definitions =
                services.map(service -> ServerInterceptors.intercept(service, interceptors))
                        .toList();
        definitions.forEach(service -> counter.announce(service.getServiceDescriptor()));
        JsonGateway gateway = new JsonGateway(GatewayPaths.ALL, definitions);
        WebDoor http =
                new WebDoor(
                        config.cors(),
                        config.hostWhitelist(),
                        new HttpApi(
                                new Health(log, machine::alarms, store.trouble()),
                                gateway,
                                metrics::text,
                                machine::level));
        HttpPipeline pipeline = new HttpPipeline(http, HttpLimits.DEFAULT, bodies);
        EtcdPort port =
                EtcdPort.open(
                        urls,
                        new EtcdPort.Served(definitions, exchanges, pipeline),
                        config,
                        metrics.metrics());
        EtcdService service = new EtcdService(reads, port, metrics.metrics());
        service.watchOver(config, exchanges, watchdog, machine.watches());
        service.keepSmall(config.space(), quota, parts);
        return service;
    }

    private static Exchanges exchanges(BodyBudget bodies, StoreMetrics metrics) {
        int most = Exchanges.most(MemoryBudget.ofThisJvm().heapBytes());
        Exchanges exchanges = new Exchanges(bodies, Clock.system(), most);
        exchanges.show(metrics.metrics());
        return exchanges;
    }

    /** The last is asked first. */
    private static List<ServerInterceptor> interceptors(
            EtcdConfig config, Store store, Exchanges exchanges, CallCounter counter)
            throws IOException {
        List<ServerInterceptor> interceptors = new ArrayList<>();
        if (config.guard().isPresent()) {
            interceptors.add(PrefixGuard.of(config.guard().get(), store.machine()::leaseHolds));
        }
        interceptors.add(new OpenStreams(config.streams().perMember()));
        interceptors.add(new RequireLeader(store.log()));
        interceptors.add(new VotersOnly(store.log()));
        interceptors.add(exchanges);
        interceptors.add(counter);
        return List.copyOf(interceptors);
    }

    private static Stream<BindableService> services(
            EtcdConfig config, Parts parts, WatchService watch) {
        KvService kv = new KvService(parts, config.maxTxnOps());
        LeaseService lease = new LeaseService(parts, config.minLeaseSeconds());
        Claims claims = new Claims(kv, lease, parts.machine().watches());
        Waiters waiters = new Waiters();
        return Stream.of(
                kv,
                watch,
                lease,
                new ClusterService(parts),
                new MaintenanceService(parts),
                new LockService(claims, waiters),
                new ElectionService(parts.identity(), claims, waiters));
    }

    private void watchOver(
            EtcdConfig config, Exchanges exchanges, LeaderWatchdog watchdog, WatchHub hub) {
        every(config.election(), new Recurring("looking for a leader", watchdog::check));
        every(SWEEP, new Recurring("looking for clients that take too long", exchanges::sweep));
        // Up to a tenth later, so that members don't all tell at once.
        long progress = config.progressNotify().toMillis();
        progress += ThreadLocalRandom.current().nextLong(progress / 10 + 1);
        every(Duration.ofMillis(progress), new Recurring("telling idle watches", hub::notifyIdle));
    }

    private void keepSmall(EtcdConfig.Space space, SpaceQuota quota, Parts parts) {
        every(SWEEP, new Recurring("looking at the quota", quota::look));
        space.retention()
                .ifPresent(retention -> {
                    AutoCompactor compactor =
                            new AutoCompactor(retention, Clock.system(), new Compacted(parts));
                    every(compactor.pause(), new Recurring("auto-compaction", compactor::beat));
                });
    }

    private record Compacted(Parts parts) implements AutoCompactor.Store {
        @Override
        public long revision() {
            return parts.machine().revision();
        }

        @Override
        public boolean leads() {
            return parts.identity().log().status().isLeader();
        }

        @Override
        public CompletableFuture<?> compact(long revision) {
            CompactionRequest request =
                    CompactionRequest.newBuilder().setRevision(revision).build();
            return parts.proposals()
                    .propose(Command.newBuilder().setCompaction(request), CompactionResponse.class);
        }
    }

    private void every(Duration pause, Recurring task) {
        long millis = Math.max(1, pause.toMillis());
        var scheduled = timer.scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
        log.debug("timer {}", scheduled);
    }

    /** What {@code /metrics} shows, to add to. */
    public Metrics metrics() {
        return metrics;
    }

    public List<InetSocketAddress> addresses() {
        return port.addresses();
    }

    @Override
    public void close() {
        port.close();
        timer.shutdownNow();
        reads.close();
    }
}
