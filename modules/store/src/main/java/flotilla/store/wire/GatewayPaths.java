package flotilla.store.wire;

import static java.util.Map.entry;

import flotilla.protocol.ClusterGrpc;
import flotilla.protocol.ElectionGrpc;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LockGrpc;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.WatchGrpc;
import io.grpc.MethodDescriptor;
import java.util.Map;

/** etcd's paths below {@code /v3/}, the old ones of leases included. */
final class GatewayPaths {
    static final Map<String, MethodDescriptor<?, ?>> ALL =
            Map.ofEntries(
                    entry("kv/range", KVGrpc.getRangeMethod()),
                    entry("kv/put", KVGrpc.getPutMethod()),
                    entry("kv/deleterange", KVGrpc.getDeleteRangeMethod()),
                    entry("kv/txn", KVGrpc.getTxnMethod()),
                    entry("kv/compaction", KVGrpc.getCompactMethod()),
                    entry("watch", WatchGrpc.getWatchMethod()),
                    entry("lease/grant", LeaseGrpc.getLeaseGrantMethod()),
                    entry("lease/keepalive", LeaseGrpc.getLeaseKeepAliveMethod()),
                    entry("lease/revoke", LeaseGrpc.getLeaseRevokeMethod()),
                    entry("lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod()),
                    entry("lease/leases", LeaseGrpc.getLeaseLeasesMethod()),
                    entry("kv/lease/revoke", LeaseGrpc.getLeaseRevokeMethod()),
                    entry("kv/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod()),
                    entry("kv/lease/leases", LeaseGrpc.getLeaseLeasesMethod()),
                    entry("cluster/member/add", ClusterGrpc.getMemberAddMethod()),
                    entry("cluster/member/remove", ClusterGrpc.getMemberRemoveMethod()),
                    entry("cluster/member/update", ClusterGrpc.getMemberUpdateMethod()),
                    entry("cluster/member/list", ClusterGrpc.getMemberListMethod()),
                    entry("cluster/member/promote", ClusterGrpc.getMemberPromoteMethod()),
                    entry("lock/lock", LockGrpc.getLockMethod()),
                    entry("lock/unlock", LockGrpc.getUnlockMethod()),
                    entry("election/campaign", ElectionGrpc.getCampaignMethod()),
                    entry("election/proclaim", ElectionGrpc.getProclaimMethod()),
                    entry("election/leader", ElectionGrpc.getLeaderMethod()),
                    entry("election/observe", ElectionGrpc.getObserveMethod()),
                    entry("election/resign", ElectionGrpc.getResignMethod()),
                    entry("maintenance/alarm", MaintenanceGrpc.getAlarmMethod()),
                    entry("maintenance/status", MaintenanceGrpc.getStatusMethod()),
                    entry("maintenance/defragment", MaintenanceGrpc.getDefragmentMethod()),
                    entry("maintenance/hash", MaintenanceGrpc.getHashMethod()),
                    entry("maintenance/hashkv", MaintenanceGrpc.getHashKVMethod()),
                    entry("maintenance/snapshot", MaintenanceGrpc.getSnapshotMethod()),
                    entry(
                            "maintenance/transfer-leadership",
                            MaintenanceGrpc.getMoveLeaderMethod()));

    private GatewayPaths() {}
}
