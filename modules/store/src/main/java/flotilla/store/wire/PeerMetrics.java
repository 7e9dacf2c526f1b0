package flotilla.store.wire;

import flotilla.platform.metrics.Metrics;
import flotilla.store.boot.MemberIds;
import flotilla.store.log.Durations;
import flotilla.store.log.PeerTraffic;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What goes between this member and the others, under etcd's names ({@code etcd_network_...}). A
 * member that is gone is told of no longer; etcd goes on telling what it last saw.
 */
final class PeerMetrics {
    private static final String PREFIX = "etcd_network_";

    private final String self;
    private final Supplier<List<PeerTraffic>> peers;

    PeerMetrics(long self, Supplier<List<PeerTraffic>> peers) {
        this.self = MemberIds.hex(self);
        this.peers = peers;
    }

    void show(Metrics metrics) {
        connections(metrics);
        counter(
                metrics,
                new Family("peer_sent_bytes_total", "Bytes sent to members.", "To"),
                PeerTraffic::sentBytes);
        counter(
                metrics,
                new Family("peer_received_bytes_total", "Bytes received from members.", "From"),
                PeerTraffic::receivedBytes);
        counter(
                metrics,
                new Family("peer_sent_failures_total", "Messages given up before sent.", "To"),
                PeerTraffic::sentFailures);
        counter(
                metrics,
                new Family(
                        "peer_received_failures_total",
                        "Messages that could not be read or taken.",
                        "From"),
                PeerTraffic::receivedFailures);
        histogram(
                metrics,
                new Family("peer_round_trip_time_seconds", "Round trips to members.", "To"),
                PeerTraffic::roundTrips);
        snapshots(metrics, "snapshot_send_", "To", PeerTraffic::snapshotsSent);
        snapshots(metrics, "snapshot_receive_", "From", PeerTraffic::snapshotsReceived);
    }

    private void connections(Metrics metrics) {
        List<String> ends = List.of("Local", "Remote");
        metrics.gauges(
                PREFIX + "active_peers",
                "Members that are reached.",
                ends,
                readings ->
                        peers.get()
                                .forEach(peer ->
                                        readings.add(peer.reached() ? 1 : 0, self, id(peer))));
        metrics.counters(
                PREFIX + "disconnected_peers_total",
                "Times that a member was reached no longer.",
                ends,
                readings ->
                        peers.get()
                                .forEach(peer ->
                                        readings.add((double) peer.breaks(), self, id(peer))));
    }

    /** Two of these names are a gauge's here, for a counter's must end with {@code _total}. */
    private void snapshots(
            Metrics metrics,
            String name,
            String label,
            Function<PeerTraffic, PeerTraffic.Snapshots> way) {
        gauge(
                metrics,
                new Family(name + "success", "Snapshots that arrived whole.", label),
                peer -> way.apply(peer).times().count());
        gauge(
                metrics,
                new Family(name + "failures", "Snapshots that did not arrive.", label),
                peer -> way.apply(peer).failed());
        gauge(
                metrics,
                new Family(name + "inflights_total", "Snapshots under way.", label),
                peer -> way.apply(peer).underWay());
        histogram(
                metrics,
                new Family(
                        name + "total_duration_seconds",
                        "How long snapshots took that arrived whole.",
                        label),
                peer -> way.apply(peer).times());
    }

    /** A name with what it means, and the label that says which member. */
    private record Family(String name, String help, String label) {
        Family {
            name = PREFIX + name;
        }
    }

    private void counter(Metrics metrics, Family family, ToLongFunction<PeerTraffic> value) {
        metrics.counters(family.name(), family.help(), List.of(family.label()), each(value));
    }

    private void gauge(Metrics metrics, Family family, ToLongFunction<PeerTraffic> value) {
        metrics.gauges(family.name(), family.help(), List.of(family.label()), each(value));
    }

    private Consumer<Metrics.Readings> each(ToLongFunction<PeerTraffic> value) {
        return readings ->
                peers.get()
                        .forEach(peer -> readings.add((double) value.applyAsLong(peer), id(peer)));
    }

    private void histogram(Metrics metrics, Family family, Function<PeerTraffic, Durations> times) {
        metrics.collect(() -> {
            HistogramSnapshot.Builder all =
                    HistogramSnapshot.builder().name(family.name()).help(family.help());
            peers.get()
                    .forEach(peer ->
                            all.dataPoint(
                                    HistogramPoint.of(
                                            times.apply(peer),
                                            Labels.of(family.label(), id(peer)))));
            return all.build();
        });
    }

    private static String id(PeerTraffic peer) {
        return MemberIds.hex(peer.member());
    }
}
