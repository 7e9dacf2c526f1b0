package flotilla.store.wire;

import flotilla.platform.Recurring;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.raft.Membership;
import flotilla.store.raft.RaftMetrics;
import flotilla.store.raft.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private final Reads reads;
    private final ScheduledExecutorService timer;
    private final EtcdPort port;

    private EtcdService(Reads reads, ScheduledExecutorService timer, EtcdPort port) {
        this.reads = reads;
        this.timer = timer;
        this.port = port;
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
     * @throws IOException naming the addresses that could not be bound, or the token's file that
     *     can't be read
     */
    public static EtcdService open(
            EtcdConfig config, List<InetSocketAddress> addresses, Store store) throws IOException {
        ReplicatedLog log = store.log();
        EtcdStateMachine machine = store.machine();
        Identity identity =
                new Identity(store.membership().clusterId(), store.membership().self(), log);
        Reads reads = new Reads(log);
        Parts parts =
                new Parts(
                        identity,
                        machine,
                        new MemberList(store.membership(), machine),
                        new Proposals(log, config.maxRequestBytes()),
                        reads);
        LeaderWatchdog watchdog = new LeaderWatchdog(log);
        Stream<BindableService> services =
                services(config, parts, new WatchService(identity, machine.watches(), watchdog));
        StoreMetrics metrics = new StoreMetrics(store);
        CallCounter counter = new CallCounter(metrics.metrics());
        List<ServerInterceptor> interceptors = interceptors(config, store, counter);
        List<ServerServiceDefinition> definitions =
                services.map(service -> ServerInterceptors.intercept(service, interceptors))
                        .toList();
        definitions.forEach(service -> counter.announce(service.getServiceDescriptor()));
        JsonGateway gateway = new JsonGateway(GatewayPaths.ALL, definitions);
        WebDoor http =
                new WebDoor(
                        config.cors(),
                        config.hostWhitelist(),
                        new HttpApi(log, gateway, metrics::text, store.trouble()));
        EtcdPort port =
                EtcdPort.open(
                        addresses,
                        new EtcdPort.Served(definitions, http),
                        config.maxRequestBytes(),
                        metrics.metrics());
        return new EtcdService(reads, timer(config, watchdog, machine.watches()), port);
    }

    /** The last is asked first. */
    private static List<ServerInterceptor> interceptors(
            EtcdConfig config, Store store, CallCounter counter) throws IOException {
        List<ServerInterceptor> interceptors = new ArrayList<>();
        if (config.guard().isPresent()) {
            interceptors.add(PrefixGuard.of(config.guard().get(), store.machine()::leaseHolds));
        }
        interceptors.add(new OpenStreams(config.streams().perMember()));
        interceptors.add(new RequireLeader(store.log()));
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

    private static ScheduledExecutorService timer(
            EtcdConfig config, LeaderWatchdog watchdog, WatchHub hub) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("etcd-service-timer").factory());
        long election = config.election().toMillis();
        var checks =
                timer.scheduleAtFixedRate(
                        new Recurring("looking for a leader", watchdog::check),
                        election,
                        election,
                        TimeUnit.MILLISECONDS);
        // Up to a tenth later, so that members don't all tell at once.
        long progress = config.progressNotify().toMillis();
        progress += ThreadLocalRandom.current().nextLong(progress / 10 + 1);
        var tells =
                timer.scheduleAtFixedRate(
                        new Recurring("telling idle watches", hub::notifyIdle),
                        progress,
                        progress,
                        TimeUnit.MILLISECONDS);
        log.debug("timers {} {}", checks, tells);
        return timer;
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
