package flotilla.store.wire;

import flotilla.protocol.AlarmRequest;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DefragmentRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.HashRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.MemberListRequest;
import flotilla.protocol.MoveLeaderRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.StatusRequest;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.raft.Membership;
import flotilla.store.raft.RaftMetrics;
import flotilla.store.raft.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
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
     */
    public record Store(
            Membership membership,
            EtcdStateMachine machine,
            ReplicatedLog log,
            Supplier<RaftMetrics> raft) {}

    /**
     * @throws IOException naming the addresses that could not be bound
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
        Services services =
                new Services(
                        new KvService(parts, config.maxTxnOps()),
                        new WatchService(identity, machine.watches(), watchdog),
                        new LeaseService(parts, config.minLeaseSeconds()),
                        new ClusterService(parts),
                        new MaintenanceService(parts));
        StoreMetrics metrics = new StoreMetrics(log, machine, store.raft());
        CallCounter counter = new CallCounter(metrics.registry());
        RequireLeader leader = new RequireLeader(log);
        List<ServerServiceDefinition> definitions =
                services.all()
                        .map(service -> ServerInterceptors.intercept(service, leader, counter))
                        .toList();
        HttpApi http = new HttpApi(log, services.gateway(), metrics::text);
        EtcdPort port = EtcdPort.open(addresses, definitions, http, config.maxRequestBytes());
        return new EtcdService(reads, timer(config, watchdog, machine.watches()), port);
    }

    private static ScheduledExecutorService timer(
            EtcdConfig config, LeaderWatchdog watchdog, WatchHub hub) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("etcd-service-timer").factory());
        long election = config.election().toMillis();
        var checks =
                timer.scheduleAtFixedRate(
                        watchdog::check, election, election, TimeUnit.MILLISECONDS);
        // Up to a tenth later, so that members don't all tell at once.
        long progress = config.progressNotify().toMillis();
        progress += ThreadLocalRandom.current().nextLong(progress / 10 + 1);
        var tells =
                timer.scheduleAtFixedRate(
                        hub::notifyIdle, progress, progress, TimeUnit.MILLISECONDS);
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

    private record Services(
            KvService kv,
            WatchService watch,
            LeaseService lease,
            ClusterService cluster,
            MaintenanceService maintenance) {
        Stream<BindableService> all() {
            return Stream.of(kv, watch, lease, cluster, maintenance);
        }

        /** etcd's paths (the annotations of its {@code rpc.proto}), the old lease ones included. */
        JsonGateway gateway() {
            JsonGateway gateway = new JsonGateway();
            gateway.unary("kv/range", RangeRequest.getDefaultInstance(), kv::range);
            gateway.unary("kv/put", PutRequest.getDefaultInstance(), kv::put);
            gateway.unary(
                    "kv/deleterange", DeleteRangeRequest.getDefaultInstance(), kv::deleteRange);
            gateway.unary("kv/txn", TxnRequest.getDefaultInstance(), kv::txn);
            gateway.unary("kv/compaction", CompactionRequest.getDefaultInstance(), kv::compact);
            gateway.unary(
                    "cluster/member/list",
                    MemberListRequest.getDefaultInstance(),
                    cluster::memberList);
            leases(gateway);
            maintenance(gateway);
            gateway.<WatchRequest, WatchResponse>streaming(
                    "watch",
                    WatchRequest.getDefaultInstance(),
                    (request, outlet) -> {
                        WatchSession session = watch.open(outlet);
                        session.take(request);
                        return session;
                    });
            return gateway;
        }

        private void leases(JsonGateway gateway) {
            gateway.unary("lease/grant", LeaseGrantRequest.getDefaultInstance(), lease::leaseGrant);
            for (String prefix : new String[] {"", "kv/"}) {
                gateway.unary(
                        prefix + "lease/revoke",
                        LeaseRevokeRequest.getDefaultInstance(),
                        lease::leaseRevoke);
                gateway.unary(
                        prefix + "lease/timetolive",
                        LeaseTimeToLiveRequest.getDefaultInstance(),
                        lease::leaseTimeToLive);
                gateway.unary(
                        prefix + "lease/leases",
                        LeaseLeasesRequest.getDefaultInstance(),
                        lease::leaseLeases);
            }
            gateway.<LeaseKeepAliveRequest, LeaseKeepAliveResponse>streaming(
                    "lease/keepalive",
                    LeaseKeepAliveRequest.getDefaultInstance(),
                    (request, outlet) -> lease.renewOnce(request.getID(), outlet));
        }

        private void maintenance(JsonGateway gateway) {
            gateway.unary(
                    "maintenance/status", StatusRequest.getDefaultInstance(), maintenance::status);
            gateway.unary(
                    "maintenance/alarm", AlarmRequest.getDefaultInstance(), maintenance::alarm);
            gateway.unary(
                    "maintenance/defragment",
                    DefragmentRequest.getDefaultInstance(),
                    maintenance::defragment);
            gateway.unary("maintenance/hash", HashRequest.getDefaultInstance(), maintenance::hash);
            gateway.unary(
                    "maintenance/hashkv", HashKVRequest.getDefaultInstance(), maintenance::hashKV);
            gateway.unary(
                    "maintenance/transfer-leadership",
                    MoveLeaderRequest.getDefaultInstance(),
                    maintenance::moveLeader);
        }
    }
}
