package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.metrics.Metrics;
import flotilla.store.boot.EtcdVersion;
import flotilla.store.raft.RaftMetrics;
import flotilla.store.raft.RaftMetrics.Bucket;
import flotilla.store.raft.RaftStatus;
import flotilla.store.raft.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The member's numbers under etcd's own names, so that dashboards and alerts made for etcd work.
 */
final class StoreMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** Of our own names. */
    private final Metrics own = new Metrics();

    StoreMetrics(ReplicatedLog log, EtcdStateMachine machine, Supplier<RaftMetrics> raft) {
        raftGauges(log);
        gauge("etcd_mvcc_db_total_size_in_bytes", "Size on disk.", machine::sizeBytes);
        gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "Size in use.", machine::sizeInUseBytes);
        gauge("etcd_debugging_mvcc_current_revision", "Current revision.", machine::revision);
        gauge(
                "etcd_debugging_mvcc_compact_revision",
                "Revision of the last compaction.",
                () -> Math.max(0, machine.compactRevision()));
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
        registry.register(() -> fsyncs(raft.get().walFsync()));
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
        MemoryBudget.ofThisJvm().show(own);
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
        gauge("etcd_server_is_learner", "Whether this member is a learner.", () -> 0);
        RaftStatus now = log.status();
        labelled(
                "etcd_server_id",
                "Member id in hexadecimal.",
                "server_id",
                Long.toHexString(now.memberId()));
    }

    private static MetricSnapshot fsyncs(RaftMetrics.Durations times) {
        List<Double> bounds = times.buckets().stream().map(Bucket::upToSeconds).toList();
        List<Long> counts = times.buckets().stream().map(Bucket::count).toList();
        return HistogramSnapshot.builder()
                .name("etcd_disk_wal_fsync_duration_seconds")
                .help("How long fsyncs of the log take.")
                .dataPoint(
                        HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                                .sum(times.sumSeconds())
                                .build())
                .build();
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

    PrometheusRegistry registry() {
        return registry;
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void labelled(String name, String help, String label, String value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> callback.call(1, value))
                .register(registry);
    }

    /** Prometheus' text format. */
    String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException("write metrics to memory", e);
        }
        return out.toString(StandardCharsets.UTF_8) + own.text();
    }
}
