package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.metrics.Metrics;
import flotilla.store.log.PeerTraffic;
import flotilla.store.log.Timings;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeerMetricsTest {
    private static final long MILLISECOND = 1_000_000;

    private final AtomicReference<List<PeerTraffic>> peers = new AtomicReference<>(List.of());
    private final Metrics metrics = new Metrics();

    PeerMetricsTest() {
        new PeerMetrics(0xb71f75320dc06a6cL, peers::get).show(metrics);
    }

    private static PeerTraffic peer(long id, boolean reached) {
        Timings roundTrips = Timings.ofRoundTrips();
        roundTrips.add(MILLISECOND);
        Timings sent = Timings.ofSnapshots();
        sent.add(300 * MILLISECOND);
        return new PeerTraffic(
                id,
                reached,
                2,
                300,
                400,
                5,
                6,
                roundTrips.durations(),
                new PeerTraffic.Snapshots(7, 1, sent.durations()),
                new PeerTraffic.Snapshots(8, 0, Timings.ofSnapshots().durations()));
    }

    @Test
    void traffic_with_each_member_has_the_original_s_names_and_labels() {
        peers.set(List.of(peer(0x2a, true), peer(0xff, false)));

        assertThat(metrics.text())
                .contains(
                        "etcd_network_active_peers{Local=\"b71f75320dc06a6c\",Remote=\"2a\"} 1.0\n",
                        "etcd_network_active_peers{Local=\"b71f75320dc06a6c\",Remote=\"ff\"} 0.0\n",
                        "etcd_network_disconnected_peers_total{Local=\"b71f75320dc06a6c\",Remote=\"2a\"} 2.0\n",
                        "# TYPE etcd_network_peer_sent_bytes_total counter\n",
                        "etcd_network_peer_sent_bytes_total{To=\"2a\"} 300.0\n",
                        "etcd_network_peer_received_bytes_total{From=\"2a\"} 400.0\n",
                        "etcd_network_peer_sent_failures_total{To=\"2a\"} 5.0\n",
                        "etcd_network_peer_received_failures_total{From=\"2a\"} 6.0\n",
                        "etcd_network_peer_round_trip_time_seconds_bucket{To=\"2a\",le=\"8.0E-4\"} 0\n",
                        "etcd_network_peer_round_trip_time_seconds_bucket{To=\"2a\",le=\"0.0016\"} 1\n",
                        "etcd_network_peer_round_trip_time_seconds_count{To=\"2a\"} 1\n",
                        "etcd_network_snapshot_send_success{To=\"2a\"} 1.0\n",
                        "etcd_network_snapshot_send_failures{To=\"2a\"} 7.0\n",
                        "etcd_network_snapshot_send_inflights_total{To=\"2a\"} 1.0\n",
                        "etcd_network_snapshot_send_total_duration_seconds_sum{To=\"2a\"} 0.3\n",
                        "etcd_network_snapshot_receive_success{From=\"2a\"} 0.0\n",
                        "etcd_network_snapshot_receive_failures{From=\"2a\"} 8.0\n",
                        "etcd_network_snapshot_receive_inflights_total{From=\"2a\"} 0.0\n");
    }

    @Test
    void a_member_that_left_is_told_of_no_longer() {
        peers.set(List.of(peer(0x2a, true), peer(0xff, true)));
        assertThat(metrics.text()).contains("\"ff\"");

        peers.set(List.of(peer(0x2a, true)));

        assertThat(metrics.text()).contains("\"2a\"").doesNotContain("\"ff\"");
    }
}
