package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.SnapshotRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come, go and speak with each other, as the original's etcdctl sees them. */
class MembersTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir Path directory;

    @Test
    void members_with_certificates_of_their_own_make_a_cluster() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, "--peer-auto-tls")) {
            for (int member = 0; member < 3; member++) {
                assertThat(cluster.etcdctlAt(member, "put", "/k" + member, "v")).isEqualTo("OK\n");
            }
            for (int member = 0; member < 3; member++) {
                assertThat(cluster.etcdctlAt(member, "get", "/k", "--prefix", "--keys-only"))
                        .contains("/k0", "/k1", "/k2");
            }
        }
    }

    @Test
    void a_member_that_is_removed_stops_and_the_others_go_on() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            int leader = leader(cluster);
            int gone = (leader + 1) % 3;
            String id = cluster.id(gone);
            awaitSteady(cluster, leader);
            assertThat(metrics(cluster, leader))
                    .containsPattern("etcd_network_peer_sent_bytes_total\\{To=\"" + id)
                    .containsPattern("etcd_network_active_peers\\{.*Remote=\"" + id + "\"} 1")
                    .contains("etcd_server_is_learner 0");

            assertThat(cluster.etcdctlAt(leader, "member", "remove", id))
                    .contains("Member", id, "removed from cluster");

            assertThat(cluster.member(gone).server().failure())
                    .failsWithin(java.time.Duration.ofSeconds(PATIENCE_SECONDS))
                    .withThrowableThat()
                    .withMessageContaining("this member was removed from the cluster");
            cluster.stop(gone);
            assertStops(cluster, gone);
            assertThat(cluster.etcdctlAt(leader, "member", "list")).doesNotContain(id);
            assertThat(metrics(cluster, leader)).doesNotContain(id);
            assertThat(cluster.etcdctlAt(leader, "put", "/after", "1")).isEqualTo("OK\n");
        }
    }

    /** As a learner it leads no more, and asks the other for the second half. */
    @Test
    void of_two_the_leader_is_removed_when_it_is_asked_itself_and_the_other_goes_on_alone()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 2)) {
            int leader = leader(cluster, 2);
            String id = cluster.id(leader);
            awaitSteady(cluster, leader);

            assertThat(cluster.etcdctlAt(leader, "member", "remove", id))
                    .contains("Member", id, "removed from cluster");

            assertThat(cluster.member(leader).server().failure())
                    .failsWithin(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
            cluster.stop(leader);
            int other = 1 - leader;
            assertThat(cluster.etcdctlAt(other, "put", "/after", "1")).isEqualTo("OK\n");
            assertThat(cluster.etcdctlAt(other, "member", "list")).doesNotContain(id);
        }
    }

    private static String metrics(Cluster cluster, int member) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(cluster.endpoint(member) + "/metrics"))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** As soon as another tells it: one that knows by itself may be needed by who doesn't yet. */
    private static void assertStops(Cluster cluster, int gone) {
        assertThatThrownBy(
                        () -> {
                            cluster.startAgain(gone);
                            cluster.member(gone)
                                    .server()
                                    .failure()
                                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                        })
                .hasMessageContaining("this member was removed from the cluster");
    }

    @Test
    void what_would_cost_the_quorum_is_refused_in_the_originals_words() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            int leader = leader(cluster);
            awaitSteady(cluster, leader);
            cluster.stop((leader + 1) % 3);
            String other = cluster.id((leader + 2) % 3);

            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(cluster.etcdctlAt(leader, "member", "remove", other))
                                    .contains("etcdserver: unhealthy cluster"));
            assertThat(cluster.etcdctlAt(leader, "member", "add", "x", "--peer-urls=nonsense"))
                    .contains("Error");
            assertThat(cluster.etcdctlAt(leader, "member", "remove", "deadbeef"))
                    .contains("etcdserver: member not found");
        }
    }

    @Test
    void a_learner_is_added_without_a_vote_and_taken_away_again() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            int leader = leader(cluster);
            awaitSteady(cluster, leader);

            String added =
                    cluster.etcdctlAt(
                            leader,
                            "member",
                            "add",
                            "new",
                            "--learner",
                            "--peer-urls=http://127.0.0.1:1");
            assertThat(added).contains("added to cluster");
            String id = added.split(" +")[1];
            assertThat(cluster.etcdctlAt(leader, "member", "list")).contains(id + ", unstarted");
            assertThat(
                            cluster.etcdctlAt(
                                    leader,
                                    "member",
                                    "add",
                                    "more",
                                    "--learner",
                                    "--peer-urls=http://127.0.0.1:2"))
                    .contains("too many learner members in cluster");
            assertThat(cluster.etcdctlAt(leader, "member", "promote", id))
                    .contains("can only promote a learner member which is in sync with leader");
            assertThat(cluster.etcdctlAt(leader, "member", "remove", id))
                    .contains("removed from cluster");
            assertThat(cluster.etcdctlAt(leader, "put", "/after", "1")).isEqualTo("OK\n");
        }
    }

    @Test
    void a_learner_joins_is_served_what_the_original_serves_it_and_is_promoted() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            cluster.etcdctlAt(0, "put", "/k", "1");
            Cluster.Joiner added = cluster.add(0, "--learner");
            int learner = cluster.join(added);
            cluster.awaitReady();

            assertThat(cluster.etcdctlAt(0, "member", "list"))
                    .contains(added.id() + ", started, m1");
            assertThat(metrics(cluster, learner)).contains("etcd_server_is_learner 1");
            assertThat(cluster.etcdctlAt(learner, "get", "/k", "--consistency=s"))
                    .isEqualTo("/k\n1\n");
            assertThat(cluster.etcdctlAt(learner, "endpoint", "status", "-w", "json"))
                    .contains("\"isLearner\":true");
            for (List<String> refused :
                    List.of(
                            List.of("lease", "grant", "60"),
                            List.of("get", "/k", "--command-timeout=1s"))) {
                assertThat(cluster.etcdctlAt(learner, refused.toArray(String[]::new)))
                        .contains("rpc not supported for learner");
            }

            assertNoStream(cluster.endpoint(learner));

            assertThat(cluster.etcdctlAt(0, "member", "promote", added.id()))
                    .contains("promoted in cluster");
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> !cluster.member(learner).server().status().learner());
            assertThat(cluster.etcdctlAt(learner, "put", "/k", "2")).isEqualTo("OK\n");
        }
    }

    private static void assertNoStream(String endpoint) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", URI.create(endpoint).getPort())
                        .usePlaintext()
                        .build();
        try {
            var snapshot =
                    MaintenanceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .snapshot(SnapshotRequest.getDefaultInstance());
            assertThatThrownBy(snapshot::next)
                    .hasMessage("UNAVAILABLE: etcdserver: rpc not supported for learner");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void a_member_that_moved_is_gone_to_at_its_new_address_as_soon_as_it_is_told()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            int leader = leader(cluster);
            int moved = (leader + 1) % 3;
            String id = cluster.id(moved);
            cluster.stop(moved);
            String there = "http://127.0.0.1:" + FreePort.take();

            assertThat(cluster.etcdctlAt(leader, "member", "update", id, "--peer-urls=" + there))
                    .contains("updated in cluster");
            cluster.stop((leader + 2) % 3);
            cluster.startAgain(
                    moved, "--listen-peer-urls=" + there, "--initial-advertise-peer-urls=" + there);

            assertThat(cluster.member(moved).ready())
                    .as("with two of three there, both must reach each other")
                    .succeedsWithin(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(cluster.etcdctlAt(moved, "put", "/k", "1")).isEqualTo("OK\n");
        }
    }

    private static int leader(Cluster cluster) {
        return leader(cluster, 3);
    }

    private static int leader(Cluster cluster, int size) {
        List<Integer> leaders =
                IntStream.range(0, size)
                        .filter(member -> cluster.member(member).server().status().isLeader())
                        .boxed()
                        .toList();
        assertThat(leaders).hasSize(1);
        return leaders.getFirst();
    }

    /** Members count once they have been reached for five seconds without a break. */
    private static void awaitSteady(Cluster cluster, int leader) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> {
                    String added =
                            cluster.etcdctlAt(
                                    leader,
                                    "member",
                                    "add",
                                    "probe",
                                    "--learner",
                                    "--peer-urls=http://127.0.0.1:9");
                    if (!added.contains("added to cluster")) {
                        return false;
                    }
                    cluster.etcdctlAt(leader, "member", "remove", added.split(" +")[1]);
                    return true;
                });
    }
}
