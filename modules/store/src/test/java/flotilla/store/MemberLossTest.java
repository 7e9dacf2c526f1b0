package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.disk.Disk;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.boot.MemberIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that stop, come back, and start where they should not. */
class MemberLossTest {
    @TempDir private Path directory;

    @Test
    void two_of_three_go_on_and_the_third_catches_up_when_it_is_back() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            cluster.etcdctl("put", "/before", "1");
            String lease = cluster.etcdctl("lease", "grant", "4").split(" ")[1];
            cluster.etcdctl("put", "--lease=" + lease, "/leased", "x");
            int leader = leader(cluster);
            int other = (leader + 1) % 3;
            cluster.stop(leader);
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> cluster.etcdctlAt(other, "put", "/during", "2").equals("OK\n"));
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> cluster.etcdctlAt(other, "get", "/leased").isEmpty());
            cluster.restart(leader);
            assertThat(cluster.etcdctlAt(leader, "get", "/before")).isEqualTo("/before\n1\n");
            assertThat(cluster.etcdctlAt(leader, "get", "/during")).isEqualTo("/during\n2\n");
            assertThat(cluster.etcdctlAt(leader, "get", "/leased")).isEmpty();
        }
    }

    private static int leader(Cluster cluster) {
        for (int i = 0; i < 3; i++) {
            if (cluster.member(i).server().status().isLeader()) {
                return i;
            }
        }
        throw new AssertionError("no member leads");
    }

    @Test
    void a_member_that_lost_its_data_may_not_vote_on_what_it_has_forgotten() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            cluster.etcdctl("put", "/before", "1");
            cluster.stop(2);
            Disk.deleteTree(directory.resolve("m2"));
            assertThatThrownBy(() -> cluster.restart(2))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasMessageContaining("has already been bootstrapped");
            cluster.stop(2);
            assertThatThrownBy(() -> cluster.restart(2))
                    .as("not by trying again either")
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasMessageContaining("has already been bootstrapped")
                    .hasMessageContaining("etcdctl member remove");
            assertThat(cluster.etcdctlAt(0, "put", "/after", "1")).isEqualTo("OK\n");
        }
    }

    @Test
    void a_member_keeps_its_data_and_its_ids_over_a_restart() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            cluster.etcdctl("put", "/kept", "1");
            String members = cluster.etcdctl("member", "list");
            cluster.stop(0);
            cluster.restart(0);
            assertThat(cluster.etcdctl("get", "/kept")).isEqualTo("/kept\n1\n");
            assertThat(cluster.etcdctl("member", "list")).isEqualTo(members);
        }
    }

    @Test
    void leadership_can_be_handed_to_another_member() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            int leader = leader(cluster);
            int next = (leader + 1) % 3;
            String id = MemberIds.hex(cluster.member(next).server().membership().self());
            assertThat(cluster.etcdctlAt(next, "move-leader", id)).contains("no leader endpoint");
            assertThat(cluster.etcdctlAt(leader, "move-leader", id))
                    .contains("Leadership transferred");
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> cluster.member(next).server().status().isLeader());
        }
    }

    @Test
    void a_data_directory_in_use_is_refused_and_the_first_member_goes_on() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            EtcdConfig same =
                    EtcdConfig.parse(List.of("--data-dir=" + directory.resolve("m0")), Map.of());
            assertThatThrownBy(() -> EtcdDaemon.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another etcd");
            assertThat(cluster.etcdctl("put", "/still", "here")).isEqualTo("OK\n");
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            EtcdConfig same =
                    EtcdConfig.parse(
                            List.of(
                                    "--data-dir=" + directory.resolve("other"),
                                    "--listen-client-urls=" + cluster.endpoint(0),
                                    "--listen-peer-urls=http://127.0.0.1:0",
                                    "--initial-advertise-peer-urls=http://127.0.0.1:1",
                                    "--initial-cluster=default=http://127.0.0.1:1"),
                            Map.of());
            assertThatThrownBy(() -> EtcdDaemon.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(cluster.endpoint(0).replace("http://", ""));
        }
    }

    @Test
    void a_member_that_the_cluster_does_not_name_is_refused() {
        EtcdConfig stranger =
                EtcdConfig.parse(
                        List.of(
                                "--name=x",
                                "--data-dir=" + directory.resolve("x"),
                                "--initial-cluster=a=http://127.0.0.1:1"),
                        Map.of());
        assertThatThrownBy(() -> EtcdDaemon.start(stranger))
                .hasMessageContaining("is not in the cluster");
    }

    @Test
    void an_embedded_store_serves_at_its_endpoint() throws Exception {
        try (EmbeddedEtcd etcd = EmbeddedEtcd.start(directory.resolve("embedded"))) {
            assertThat(
                            Cluster.run(
                                    List.of(
                                            "/usr/bin/etcdctl",
                                            "--endpoints=" + etcd.endpoint(),
                                            "put",
                                            "/a",
                                            "1")))
                    .isEqualTo("OK\n");
        }
    }
}
