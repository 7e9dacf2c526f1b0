package flotilla.store.raft;

import static flotilla.store.raft.TestCluster.PATIENCE;
import static flotilla.store.raft.TestCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.store.apply.Applied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member finds again after it stopped, crashed, lagged or lost its disk. */
class RecoveryTest {
    @TempDir Path root;

    @Test
    void a_restarted_cluster_has_all_that_was_acknowledged() throws Exception {
        try (TestCluster cluster = TestCluster.started(root, 3)) {
            for (int i = 0; i < 50; i++) {
                cluster.put(1 + i % 3, "k" + i, "v");
            }
            for (long id = 1; id <= 3; id++) {
                cluster.stop(id);
            }
            for (long id = 1; id <= 3; id++) {
                cluster.start(id);
            }

            get(cluster.member(2).log().readBarrier());
            assertThat(cluster.member(2).machine().tallies()).hasSize(50);
            assertThat(cluster.member(2).machine().tallies().values())
                    .allMatch(tally -> tally.puts() == 1);
        }
    }

    @Test
    void what_a_kill_leaves_on_disk_holds_each_write_acknowledged_before_it() throws Exception {
        Path left = root.resolve("left");
        Map<String, Integer> acknowledged = new HashMap<>();
        try (TestCluster cluster = new TestCluster(root.resolve("first"), 1, 100)) {
            cluster.start(1);
            cluster.put(1, "first", "v");
            List<CompletableFuture<Applied>> flood = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                flood.add(cluster.member(1).log().propose(TallyMachine.put("k" + i, "v")));
            }
            await().until(() -> flood.stream().filter(CompletableFuture::isDone).count() > 1000);
            for (int i = 0; i < flood.size(); i++) {
                if (flood.get(i).isDone()) {
                    acknowledged.put("k" + i, 1);
                }
            }
            // Copied while it writes: no close, no flush.
            cluster.copy(1, left);
        }
        try (TestCluster cluster = new TestCluster(root.resolve("second"), 1, 100)) {
            TallyMachine machine = cluster.start(1, left).machine();
            get(cluster.member(1).log().readBarrier());

            assertThat(machine.tallies())
                    .containsKeys(acknowledged.keySet().toArray(String[]::new));
            assertThat(machine.tallies().values()).allMatch(tally -> tally.puts() == 1);
        }
    }

    @Test
    void a_follower_that_lags_behind_the_purged_log_gets_a_checkpoint() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, 50)) {
            for (long id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.put(1, "early", "v");
            long leader = cluster.awaitLeader();
            long lagging = cluster.others(leader).getFirst();
            cluster.stop(lagging);
            for (int i = 0; i < 400; i++) {
                cluster.put(leader, "k" + i, "v".repeat(100));
            }
            assertThat(cluster.member(leader).log().metrics().snapshots()).isPositive();

            TallyMachine machine = cluster.start(lagging).machine();
            get(cluster.member(lagging).log().readBarrier());

            assertThat(machine.restores()).isPositive();
            assertThat(machine.tallies()).hasSize(401);
            cluster.put(lagging, "after", "v");
            assertThat(machine.value("after")).isEqualTo("v");
        }
    }

    @Test
    void large_entries_make_snapshots_long_before_many_do_and_the_log_forgets_them()
            throws Exception {
        String megabyte = "v".repeat(1 << 20);
        int puts = (int) (SnapshotTrigger.BYTES >> 20) * 2 + 40;
        try (TestCluster cluster = new TestCluster(root, 1, 10_000)) {
            cluster.start(1);
            for (int i = 0; i < puts; i++) {
                cluster.put(1, "k" + i % 10, megabyte);
            }

            await().until(() -> cluster.member(1).log().metrics().snapshots() >= 2);
            await().untilAsserted(() ->
                    assertThat(megabytesOfLog()).isLessThan((SnapshotTrigger.BYTES >> 20) + 100));
        }
    }

    private long megabytesOfLog() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_"))
                            .mapToLong(file -> file.toFile().length())
                            .sum()
                    >> 20;
        }
    }

    @Test
    void a_member_restarts_from_its_own_snapshot_and_the_log_after_it() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 1, 50)) {
            cluster.start(1);
            for (int i = 0; i < 120; i++) {
                cluster.put(1, "k" + i % 10, "v" + i);
            }
            cluster.stop(1);

            TallyMachine machine = cluster.start(1).machine();
            get(cluster.member(1).log().readBarrier());

            assertThat(machine.restores()).isEqualTo(1);
            assertThat(machine.tallies()).hasSize(10);
            assertThat(machine.tallies().values()).allMatch(tally -> tally.puts() == 12);
        }
    }

    @Test
    void a_crash_while_a_received_shelf_takes_the_place_of_the_old_loses_neither()
            throws Exception {
        try (TestCluster cluster = new TestCluster(root, 1, 50)) {
            cluster.start(1);
            for (int i = 0; i < 400; i++) {
                cluster.put(1, "k" + i % 10, "v".repeat(100));
            }
            cluster.stop(1);
            Path storage = onlyDirectoryIn(cluster.directory(1));
            Path aside = storage.resolve("sm.tmp20260102_030405.678");
            Files.move(storage.resolve("sm"), aside);
            Path received = Files.createDirectories(storage.resolve("tmp/snapshot-half"));

            TallyMachine machine = cluster.start(1).machine();
            get(cluster.member(1).log().readBarrier());

            assertThat(machine.restores()).isEqualTo(1);
            assertThat(machine.tallies().values()).allMatch(tally -> tally.puts() == 40);
            assertThat(aside).doesNotExist();
            assertThat(received).doesNotExist();
        }
    }

    private static Path onlyDirectoryIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> found = entries.filter(Files::isDirectory).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    @Test
    void a_follower_that_lost_its_disk_is_filled_again_on_an_idle_cluster() throws Exception {
        try (TestCluster cluster = TestCluster.started(root, 3)) {
            for (int i = 0; i < 20; i++) {
                cluster.put(1, "k" + i, "v");
            }
            long leader = cluster.awaitLeader();
            long wiped = cluster.others(leader).getFirst();
            cluster.stop(wiped);
            cluster.wipe(wiped);

            TallyMachine machine = cluster.start(wiped).machine();

            await().atMost(PATIENCE).until(() -> machine.size() == 20);
            assertThat(cluster.put(wiped, "after", "v")).isInstanceOf(Applied.Done.class);
        }
    }
}
