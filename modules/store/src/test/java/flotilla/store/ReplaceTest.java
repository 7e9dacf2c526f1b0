package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.disk.Disk;
import flotilla.platform.disk.HostDirectory;
import flotilla.raft.log.Entry;
import flotilla.store.Cluster.Joiner;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.Membership;
import flotilla.store.log.wal.Opened;
import flotilla.store.log.wal.Wal;
import flotilla.store.log.wal.WalOptions;
import flotilla.store.log.wal.WalOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are lost, one or all but one, and how the cluster gets whole again. */
class ReplaceTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir private Path directory;

    @Test
    void one_that_lost_its_disk_comes_back_as_a_new_member_as_its_refusal_says() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            cluster.etcdctl("put", "/before", "1");
            cluster.stop(2);
            Disk.deleteTree(directory.resolve("m2"));
            assertThatThrownBy(() -> cluster.restart(2))
                    .hasMessageContaining("etcdctl member remove " + cluster.id(2))
                    .hasMessageContaining("--initial-cluster-state=existing");
            cluster.stop(2);

            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() ->
                            cluster.etcdctlAt(0, "member", "remove", cluster.id(2))
                                    .contains("removed from cluster"));
            int joined = cluster.join(cluster.addWhenSteady());

            assertThat(cluster.member(joined).ready())
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(cluster.etcdctlAt(joined, "get", "/before")).isEqualTo("/before\n1\n");
            assertThat(cluster.etcdctlAt(0, "member", "list").lines()).hasSize(3);
        }
    }

    @Test
    void one_that_was_removed_while_it_was_down_is_told_so_and_stops_for_good() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            cluster.stop(2);
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() ->
                            cluster.etcdctlAt(0, "member", "remove", cluster.id(2))
                                    .contains("removed from cluster"));

            cluster.startAgain(2);

            assertThat(cluster.member(2).server().failure())
                    .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                    .withThrowableThat()
                    .withMessageContaining("this member was removed from the cluster");
        }
    }

    @Test
    void the_last_one_left_makes_a_cluster_of_its_own_of_what_was_committed_and_grows_again()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3)) {
            cluster.etcdctl("put", "/kept", "1");
            Membership self = cluster.member(0).server().membership();
            cluster.stop(1);
            cluster.stop(2);
            cluster.stop(0);
            appendUncommitted(self, Commands.put("/uncommitted", "x"));

            cluster.startAgain(0, "--force-new-cluster");
            assertThat(cluster.member(0).ready())
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));

            assertThat(cluster.etcdctlAt(0, "get", "/", "--prefix")).isEqualTo("/kept\n1\n");
            assertThat(cluster.etcdctlAt(0, "member", "list").lines())
                    .singleElement()
                    .asString()
                    .contains("started, m0");
            cluster.stop(0);
            cluster.startAgain(0);
            int second = cluster.join(cluster.add(0));
            assertThat(cluster.member(second).ready())
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(cluster.etcdctlAt(second, "get", "/kept")).isEqualTo("/kept\n1\n");
            assertThat(cluster.etcdctlAt(second, "put", "/after", "1")).isEqualTo("OK\n");
            cluster.startAgain(1);
            assertThat(cluster.member(1).server().failure())
                    .as("one of before that is still there after all")
                    .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                    .withThrowableThat()
                    .withMessageContaining("this member was removed from the cluster");
        }
    }

    /** As a leader appends what it can bring to nobody any more. */
    private void appendUncommitted(Membership self, Command command) throws IOException {
        Opened opened =
                Wal.open(
                        HostDirectory.at(DataDir.places(directory.resolve("m0")).log()),
                        new WalOwner(self.self(), self.clusterId()),
                        WalOptions.DEFAULT);
        try (Wal wal = opened.wal()) {
            long last = wal.entries().last();
            byte[] batch = CommandBatch.newBuilder().addCommands(command).build().toByteArray();
            long term = wal.entries().term(last).orElseThrow();
            wal.append(
                    List.of(new Entry(last + 1, term, Entry.Kind.NORMAL, batch)), opened.state());
            wal.sync();
        }
    }

    @Test
    void members_that_came_by_what_is_committed_and_not_yet_applied_are_removed_too()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            cluster.etcdctlAt(0, "put", "/kept", "1");
            cluster.add(0);
            cluster.stop(0);
            // The state is made anew from the log: nothing of it is applied when the flag is seen.
            Disk.deleteTree(DataDir.places(directory.resolve("m0")).state());

            cluster.startAgain(0, "--force-new-cluster");

            assertThat(cluster.member(0).ready())
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(cluster.etcdctlAt(0, "get", "/kept")).isEqualTo("/kept\n1\n");
            assertThat(cluster.etcdctlAt(0, "member", "list").lines()).hasSize(1);
        }
    }

    @Test
    void a_learner_that_is_the_last_one_left_votes_for_itself_from_then_on() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            cluster.etcdctlAt(0, "put", "/kept", "1");
            int learner = cluster.join(cluster.add(0, "--learner"));
            cluster.awaitReady();
            cluster.stop(0);
            cluster.stop(learner);

            cluster.startAgain(learner, "--force-new-cluster");

            assertThat(cluster.member(learner).ready())
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(cluster.etcdctlAt(learner, "get", "/kept")).isEqualTo("/kept\n1\n");
            assertThat(cluster.etcdctlAt(learner, "member", "list").lines()).hasSize(1);
        }
    }

    @Test
    void one_that_has_yet_to_join_has_nothing_to_make_a_cluster_of() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            Joiner joiner = cluster.add(0);
            EtcdConfig config = cluster.introduce(joiner);
            cluster.stop(0);
            EtcdDaemon.start(config).close();

            assertThatThrownBy(
                            () -> EtcdDaemon.start(cluster.config(joiner, "--force-new-cluster")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it has yet to join");
        }
    }

    @Test
    void without_a_data_directory_there_is_nothing_to_force_and_it_begins_as_ever()
            throws Exception {
        int client = FreePort.take();
        String peer = "http://127.0.0.1:" + FreePort.take();
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(
                                "--data-dir=" + directory.resolve("x"),
                                "--listen-client-urls=http://127.0.0.1:" + client,
                                "--listen-peer-urls=" + peer,
                                "--force-new-cluster"),
                        Map.of());
        try (EtcdDaemon alone = EtcdDaemon.start(config)) {
            assertThat(alone.ready()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        }
        try (EtcdDaemon again = EtcdDaemon.start(config)) {
            assertThat(again.ready()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        }
    }
}
