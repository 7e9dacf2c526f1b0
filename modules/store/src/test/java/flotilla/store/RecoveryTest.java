package flotilla.store;

import static flotilla.store.LogCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member finds again after it stopped, lagged or lost its state. */
class RecoveryTest {
    /** Of log between two checkpoints, where its entries are large. */
    private static final int MEGABYTES = 64;

    @TempDir Path root;

    @Test
    void a_restarted_cluster_has_all_that_was_acknowledged() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
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
            assertThat(cluster.member(2).all()).hasSize(50);
            assertThat(cluster.member(2).all()).allMatch(pair -> pair.getVersion() == 1);
        }
    }

    @Test
    void a_follower_that_lags_behind_the_log_gets_a_checkpoint() throws Exception {
        try (LogCluster cluster = new LogCluster(root, 3, 50)) {
            long lagging = stopOneUntilItLags(cluster);

            LogCluster.Member member = cluster.start(lagging);
            get(member.log().readBarrier());

            assertThat(member.all()).hasSize(401);
            cluster.put(lagging, "after", "v");
            assertThat(member.value("after")).isEqualTo("v");
        }
    }

    @Test
    void a_leader_whose_checkpoints_are_damaged_takes_another_for_who_lags() throws Exception {
        try (LogCluster cluster = new LogCluster(root, 3, 50)) {
            long lagging = stopOneUntilItLags(cluster);
            for (Path table : tablesOfCheckpoints(cluster.directory(cluster.awaitLeader()))) {
                flipABit(table);
            }

            LogCluster.Member member = cluster.start(lagging);
            get(member.log().readBarrier());

            assertThat(member.all()).hasSize(401);
        }
    }

    private static List<Path> tablesOfCheckpoints(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().matches(".*/checkpoint-.*\\.sst")).toList();
        }
    }

    /** In a copy: the table itself is the state's too. */
    private static void flipABit(Path table) throws IOException {
        byte[] bytes = Files.readAllBytes(table);
        bytes[9] ^= 1;
        Files.delete(table);
        Files.write(table, bytes);
    }

    /** Starts three members, and stops one, which then needs more than the leader's log has. */
    private long stopOneUntilItLags(LogCluster cluster) throws IOException {
        for (long id = 1; id <= 3; id++) {
            cluster.start(id);
        }
        cluster.put(1, "early", "v");
        long leader = cluster.awaitLeader();
        long lagging = cluster.others(leader).getFirst();
        long known = cluster.member(lagging).log().status().appliedIndex();
        cluster.stop(lagging);
        for (int i = 0; i < 400; i++) {
            cluster.put(leader, "k" + i, "v".repeat(100));
        }
        await().until(() -> firstInLog(leader) > known + 1);
        return lagging;
    }

    /** By the name of the oldest file. */
    private long firstInLog(long id) throws IOException {
        try (Stream<Path> files = Files.list(wal(id))) {
            String oldest = String.valueOf(files.sorted().findFirst().orElseThrow().getFileName());
            return Long.parseUnsignedLong(oldest.substring(17, 33), 16);
        }
    }

    private Path wal(long id) {
        return root.resolve("m" + id).resolve("member").resolve("wal");
    }

    @Test
    void large_entries_make_checkpoints_long_before_many_do_and_the_log_forgets_them()
            throws Exception {
        String megabyte = "v".repeat(1 << 20);
        try (LogCluster cluster = new LogCluster(root, 1, 10_000)) {
            cluster.start(1);
            for (int i = 0; i < 4 * MEGABYTES; i++) {
                cluster.put(1, "k" + i % 10, megabyte);
            }

            await().until(() -> cluster.member(1).log().metrics().snapshots() >= 3);
            await().untilAsserted(() -> assertThat(megabytesOfLog()).isLessThan(3 * MEGABYTES));
        }
    }

    private long megabytesOfLog() throws IOException {
        try (Stream<Path> files = Files.list(wal(1))) {
            return files.mapToLong(file -> file.toFile().length()).sum() >> 20;
        }
    }

    @Test
    void a_member_without_its_state_makes_it_anew_from_its_checkpoint_and_the_log_after_it()
            throws Exception {
        try (LogCluster cluster = new LogCluster(root, 1, 50)) {
            cluster.start(1);
            for (int i = 0; i < 120; i++) {
                cluster.put(1, "k" + i % 10, "v" + i);
            }
            cluster.stop(1);
            Disk.deleteTree(cluster.directory(1).resolve("state"));

            LogCluster.Member member = cluster.start(1);
            get(member.log().readBarrier());

            assertThat(member.all()).hasSize(10);
            assertThat(member.all()).allMatch(pair -> pair.getVersion() == 12);
        }
    }
}
