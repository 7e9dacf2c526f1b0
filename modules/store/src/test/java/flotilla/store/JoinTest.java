package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.Clock;
import flotilla.platform.disk.Disk;
import flotilla.store.Cluster.Joiner;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.lease.LeaseClock;
import flotilla.store.log.Membership;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that are started into a running cluster, with what the original's etcdctl prints. */
class JoinTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--peer-auto-tls", "--max-txn-ops=128"})
    void a_cluster_of_one_becomes_one_of_two_that_both_hold_everything(String flag)
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1, flag)) {
            cluster.etcdctlAt(0, "put", "/before", "1");

            int joined = cluster.join(cluster.add(0));
            cluster.awaitReady();

            assertThat(cluster.etcdctlAt(joined, "get", "/before")).isEqualTo("/before\n1\n");
            assertThat(cluster.etcdctlAt(joined, "put", "/after", "2")).isEqualTo("OK\n");
            assertThat(cluster.etcdctlAt(0, "get", "/after")).isEqualTo("/after\n2\n");
            assertThat(cluster.etcdctlAt(joined, "member", "list"))
                    .isEqualTo(cluster.etcdctlAt(0, "member", "list"))
                    .contains("started, m0")
                    .contains("started, m1");
        }
    }

    @Test
    void one_that_joined_votes_and_may_lead_and_keeps_its_place_over_a_restart() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            int second = cluster.join(cluster.add(0));
            cluster.awaitReady();
            int third = cluster.join(cluster.addWhenSteady());
            cluster.awaitReady();
            cluster.etcdctlAt(0, "put", "/k", "1");

            cluster.stop(0);

            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> cluster.etcdctlAt(second, "put", "/k", "2").equals("OK\n"));
            cluster.stop(third);
            cluster.restart(0);
            cluster.restart(third);
            assertThat(cluster.etcdctlAt(third, "get", "/k")).isEqualTo("/k\n2\n");
            assertThat(cluster.etcdctlAt(0, "get", "/k")).isEqualTo("/k\n2\n");
        }
    }

    @Test
    void a_crash_between_any_two_steps_of_joining_is_gone_on_from() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            cluster.etcdctlAt(0, "put", "/before", "1");
            Joiner joiner = cluster.add(0);
            EtcdConfig config = cluster.introduce(joiner);
            // Without the first there is no quorum, so nothing but the identity comes to its disk.
            cluster.stop(0);
            EtcdDaemon.start(config).close();
            assertThat(DataDir.places(config.dataDir()).log()).isNotEmptyDirectory();
            EtcdDaemon.start(config).close();
            Disk.deleteTree(DataDir.places(config.dataDir()).state());
            cluster.startAgain(0);

            int joined = cluster.join(joiner);
            cluster.awaitReady();

            assertThat(cluster.etcdctlAt(joined, "get", "/before")).isEqualTo("/before\n1\n");
        }
    }

    @Test
    void a_data_directory_that_has_an_identity_asks_nobody() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            int joined = cluster.join(cluster.add(0));
            cluster.awaitReady();
            cluster.stop(joined);
            cluster.stop(0);

            cluster.startAgain(
                    0, "--initial-cluster-state=existing", "--initial-cluster=x=http://x:1");
            cluster.startAgain(joined, "--initial-cluster=x=http://x:1");
            cluster.awaitReady();

            assertThat(cluster.etcdctlAt(joined, "put", "/k", "1")).isEqualTo("OK\n");
        }
    }

    @Test
    void who_was_not_added_or_with_another_address_is_told_so() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            String first = cluster.peer(0);
            Joiner none = new Joiner("x", "http://127.0.0.1:" + FreePort.take(), "");
            String own = "--initial-cluster=" + "x=" + none.peer();
            assertRefused(cluster, none, own + ",m0=" + first, "member count is unequal");
            Joiner added = cluster.add(0);
            assertRefused(
                    cluster,
                    none,
                    own + ",m0=" + first,
                    "PeerURLs: no match found for existing member (" + added.id());
            assertRefused(
                    cluster,
                    none,
                    own + ",y=http://127.0.0.1:" + FreePort.take(),
                    "could not retrieve cluster information from the given URLs");
            assertRefused(cluster, none, own, "--initial-cluster names no other member");
        }
    }

    private static void assertRefused(
            Cluster cluster, Joiner joiner, String initialCluster, String words) {
        assertThatThrownBy(() ->
                        cluster.join(
                                joiner,
                                "--name=x",
                                "--initial-cluster-state=existing",
                                initialCluster))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(words)
                .hasMessageContaining("etcdctl member add");
    }

    @Test
    void one_that_has_yet_to_join_introduces_nobody() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            Joiner joiner = cluster.add(0);
            EtcdConfig config = cluster.introduce(joiner);
            cluster.stop(0);
            try (EtcdDaemon _ = EtcdDaemon.start(config)) {
                Joiner other = new Joiner("x", "http://127.0.0.1:" + FreePort.take(), "");
                assertRefused(
                        cluster,
                        other,
                        "--initial-cluster=x=" + other.peer() + ",m1=" + joiner.peer(),
                        "it has yet to join the cluster itself");
            }
            assertThat(Files.exists(directory.resolve("x/member/membership"))).isFalse();
        }
    }

    @Test
    void one_that_took_entries_and_lost_them_before_it_told_of_itself_is_refused_by_the_leader()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            EtcdConfig config = cluster.config(cluster.add(0));
            Membership membership = Introducer.membership(config, FeatureLevel.READABLE);
            try (Bare bare = Bare.open(config, membership)) {
                await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .until(() -> bare.machine().appliedIndex() > 0);
            }
            Disk.deleteTree(config.dataDir());

            try (Bare bare = Bare.open(config, membership)) {
                assertThat(bare.log().log().failure())
                        .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                        .withThrowableThat()
                        .withMessageContaining("has already been bootstrapped");
            }
        }
    }

    /** A member without what tells the cluster of it. */
    private record Bare(EtcdStateMachine machine, MemberLog log) implements AutoCloseable {
        static Bare open(EtcdConfig config, Membership membership) throws IOException {
            EtcdStateMachine machine =
                    EtcdStateMachine.open(DataDir.places(config.dataDir()).state());
            LeaseClock leases = new LeaseClock(Clock.system(), machine);
            return new Bare(
                    machine,
                    MemberLog.open(
                            config,
                            MemberLog.program(config),
                            membership,
                            new MemberLog.Above(machine, leases)));
        }

        @Override
        public void close() {
            log.close();
            machine.close();
        }
    }
}
