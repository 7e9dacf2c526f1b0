package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.metrics.Metrics;
import flotilla.store.boot.EtcdVersion;
import flotilla.store.log.RaftMetrics;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.view.Tally;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The member's numbers under etcd's own names, so that dashboards and alerts made for etcd work.
 */
final class StoreMetrics {
    private final Metrics metrics = new Metrics();

    StoreMetrics(EtcdService.Store store) {
        ReplicatedLog log = store.log();
        Supplier<RaftMetrics> raft = store.raft();
        raftGauges(log);
        mvcc(store.machine());
        gauge(
                "flotilla_store_failed",
                "Whether this member can't go on and must be stopped; /health says why.",
                () -> bit(store.trouble().get().isPresent()));
        gauge(
                "flotilla_store_feature_level",
                "Up to which feature level commands are taken; -1 until it is decided.",
                store.machine()::level);
        counter(
                "etcd_server_leader_changes_seen",
                "Leader changes seen.",
                () -> raft.get().leaderChanges());
        gauge(
                "etcd_server_proposals_committed_total",
                "Index of the last committed entry.",
                () -> log.status().committedIndex());
        gauge(
                "etcd_server_proposals_applied_total",
                "Index of the last applied entry.",
                () -> log.status().appliedIndex());
        gauge(
                "etcd_server_proposals_pending",
                "Proposals waiting to be committed.",
                () -> raft.get().proposalsPending());
        counter(
                "etcd_server_proposals_failed",
                "Proposals that failed.",
                () -> raft.get().proposalsFailed());
        metrics.collect(() ->
                HistogramSnapshot.builder()
                        .name("etcd_disk_wal_fsync_duration_seconds")
                        .help("How long fsyncs of the log take.")
                        .dataPoint(HistogramPoint.of(raft.get().walFsync(), Labels.EMPTY))
                        .build());
        new PeerMetrics(log.status().memberId(), () -> raft.get().peers()).show(metrics);
        labelled(
                "etcd_server_version",
                "Which version is running.",
                "server_version",
                EtcdVersion.SERVER);
        labelled(
                "etcd_cluster_version",
                "Which version the cluster is.",
                "cluster_version",
                EtcdVersion.CLUSTER);
        process();
        MemoryBudget.ofThisJvm().show(metrics);
    }

    private void raftGauges(ReplicatedLog log) {
        gauge(
                "etcd_server_has_leader",
                "Whether a leader exists.",
                () -> bit(log.status().hasLeader()));
        gauge(
                "etcd_server_is_leader",
                "Whether this member leads.",
                () -> bit(log.status().isLeader()));
        gauge(
                "etcd_server_is_learner",
                "Whether this member is a learner.",
                () -> bit(log.status().learner()));
        RaftStatus now = log.status();
        labelled(
                "etcd_server_id",
                "Member id in hexadecimal.",
                "server_id",
                Long.toHexString(now.memberId()));
    }

    private void mvcc(EtcdStateMachine machine) {
        gauge("etcd_mvcc_db_total_size_in_bytes", "Size on disk.", machine::sizeBytes);
        gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "Size in use.", machine::sizeInUseBytes);
        gauge("etcd_debugging_mvcc_current_revision", "Current revision.", machine::revision);
        gauge(
                "etcd_debugging_mvcc_compact_revision",
                "Revision of the last compaction, -1 before the first.",
                machine::compactRevision);
        gauge("etcd_debugging_mvcc_keys_total", "Keys that there are.", machine::keys);
        Tally tally = machine.tally();
        counter(
                "etcd_debugging_mvcc_total_put_size_in_bytes",
                "Keys and values put.",
                tally::putBytes);
        for (String prefix : List.of("etcd_mvcc_", "etcd_debugging_mvcc_")) {
            counter(prefix + "put_total", "Puts applied here.", tally::puts);
            counter(prefix + "delete_total", "Deletes applied here.", tally::deletes);
            counter(prefix + "range_total", "Ranges read here.", tally::ranges);
            counter(prefix + "txn_total", "Transactions of several operations.", tally::txns);
        }
        counter("etcd_debugging_lease_granted_total", "Leases granted.", tally::leasesGranted);
        counter("etcd_debugging_lease_revoked_total", "Leases revoked.", tally::leasesRevoked);
    }

    private void process() {
        Runtime runtime = Runtime.getRuntime();
        gauge(
                "jvm_memory_heap_used_bytes",
                "Java heap in use.",
                () -> runtime.totalMemory() - runtime.freeMemory());
        gauge(
                "jvm_memory_heap_committed_bytes",
                "Java heap taken from the system.",
                runtime::totalMemory);
    }

    private static double bit(boolean value) {
        return value ? 1 : 0;
    }

    Metrics metrics() {
        return metrics;
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        metrics.gauge(name, help, value);
    }

    private void counter(String name, String help, DoubleSupplier value) {
        metrics.counter(name, help, value);
    }

    private void labelled(String name, String help, String label, String value) {
        metrics.gauge(name, help, label).observe(1, value);
    }

    /** Prometheus' text format. */
    String text() {
        return metrics.text();
    }
}
