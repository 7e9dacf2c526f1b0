package flotilla.store;

import static flotilla.store.LogCluster.PATIENCE;
import static flotilla.store.LogCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedLogTest {
    @TempDir Path root;

    @Test
    void a_single_member_applies_what_it_is_given_and_reads_it_back() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 1)) {
            assertThat(cluster.put(1, "a", "1")).isInstanceOf(Applied.Done.class);
            get(cluster.member(1).log().readBarrier());

            assertThat(cluster.member(1).value("a")).isEqualTo("1");
            RaftStatus status = cluster.member(1).log().status();
            assertThat(status.isLeader()).isTrue();
            assertThat(status.appliedIndex()).isEqualTo(status.committedIndex()).isEqualTo(3);
        }
    }

    @Test
    void a_write_at_any_member_is_seen_there_at_once_and_by_a_barrier_everywhere()
            throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.awaitLeader();
            for (long writer = 1; writer <= 3; writer++) {
                String key = "k" + writer;
                cluster.put(writer, key, "v");

                assertThat(cluster.member(writer).value(key)).isEqualTo("v");
                for (long reader = 1; reader <= 3; reader++) {
                    get(cluster.member(reader).log().readBarrier());
                    assertThat(cluster.member(reader).value(key)).isEqualTo("v");
                }
            }
        }
    }

    @Test
    void what_the_leader_can_not_read_is_refused_to_who_wrote_it_and_the_cluster_goes_on()
            throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            long leader = cluster.awaitLeader();
            long follower = leader % 3 + 1;
            UnknownFieldSet later =
                    UnknownFieldSet.newBuilder()
                            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                            .build();
            Command newer = Commands.put("k", "v").toBuilder().setUnknownFields(later).build();

            assertThatThrownBy(() -> get(cluster.member(follower).log().propose(newer)))
                    .hasMessageStartingWith("etcdserver: the leader can't read this request");

            assertThat(cluster.put(follower, "k", "1")).isInstanceOf(Applied.Done.class);
            assertThat(cluster.put(leader, "k", "2")).isInstanceOf(Applied.Done.class);
        }
    }

    @Test
    void the_largest_command_reaches_every_member_from_any() throws Exception {
        String large = "v".repeat(ReplicatedLog.COMMAND_BYTES_MAX - 100);
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.awaitLeader();
            for (long writer = 1; writer <= 3; writer++) {
                String key = "k" + writer;
                assertThat(cluster.put(writer, key, large)).isInstanceOf(Applied.Done.class);
                for (long reader = 1; reader <= 3; reader++) {
                    get(cluster.member(reader).log().readBarrier());
                    assertThat(cluster.member(reader).value(key)).isEqualTo(large);
                }
            }
        }
    }

    @Test
    void a_request_as_deep_as_a_client_may_send_it_is_read_from_the_log() throws Exception {
        TxnRequest nested = TxnRequest.getDefaultInstance();
        for (int depth = 0; depth < 49; depth++) {
            nested =
                    TxnRequest.newBuilder()
                            .addSuccess(RequestOp.newBuilder().setRequestTxn(nested))
                            .build();
        }
        Command deep = Command.newBuilder().setTxn(nested).build();
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.awaitLeader();
            for (long writer = 1; writer <= 3; writer++) {
                get(cluster.member(writer).log().propose(deep));
            }
            for (long reader = 1; reader <= 3; reader++) {
                get(cluster.member(reader).log().readBarrier());
            }
        }
    }

    @Test
    void a_taken_peer_port_is_told_and_leaves_nothing_behind() throws Exception {
        try (LogCluster cluster = new LogCluster(root, 1, 10_000)) {
            try (ServerSocket _ = cluster.takePortOf(1)) {
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertThatThrownBy(() -> cluster.start(1))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("127.0.0.1");
                }
            }
            cluster.start(1);
            assertThat(cluster.put(1, "a", "1")).isInstanceOf(Applied.Done.class);
        }
    }

    @Test
    void many_commands_share_entries_and_each_is_applied_once() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            long leader = cluster.awaitLeader();
            long follower = cluster.others(leader).getFirst();
            List<CompletableFuture<Applied>> answers = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                for (long at : List.of(leader, follower)) {
                    answers.add(cluster.member(at).log().propose(Commands.put(at + "/" + i, "v")));
                }
            }
            answers.forEach(LogCluster::get);

            LogCluster.Member machine = cluster.member(follower);
            get(cluster.member(follower).log().readBarrier());
            assertThat(machine.all()).hasSize(6000);
            assertThat(machine.all()).allMatch(pair -> pair.getVersion() == 1);
            assertThat(machine.log().status().appliedIndex()).isLessThan(6000);
        }
    }

    @Test
    void writes_under_way_when_the_leader_dies_are_applied_once_at_the_next() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            long leader = cluster.awaitLeader();
            long follower = cluster.others(leader).getFirst();
            cluster.isolate(leader);
            List<CompletableFuture<Applied>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(cluster.member(follower).log().propose(Commands.put("k" + i, "v")));
            }
            answers.forEach(LogCluster::get);

            LogCluster.Member machine = cluster.member(follower);
            assertThat(machine.all()).hasSize(500);
            assertThat(machine.all()).allMatch(pair -> pair.getVersion() == 1);
        }
    }

    @Test
    void leadership_moves_where_it_is_sent_and_is_announced_in_order() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.put(1, "a", "1");
            long old = cluster.awaitLeader();
            long next = cluster.others(old).getFirst();

            get(cluster.member(old).log().transferLeadership(next));

            await().atMost(PATIENCE).until(() -> cluster.awaitLeader() == next);
            cluster.put(old, "a", "2");
            assertThat(announced(cluster, old).getLast()).startsWith("led ");
            assertThat(announced(cluster, next).getLast()).startsWith("leads ");
            assertThatThrownBy(() -> get(cluster.member(old).log().transferLeadership(old)))
                    .isInstanceOfSatisfying(
                            EtcdException.class,
                            e -> assertThat(e.error()).isEqualTo(EtcdError.NOT_LEADER));
            assertThatThrownBy(() -> get(cluster.member(next).log().transferLeadership(9)))
                    .isInstanceOfSatisfying(
                            EtcdException.class,
                            e -> assertThat(e.error()).isEqualTo(EtcdError.BAD_LEADER_TRANSFEREE));
        }
    }

    private static List<String> announced(LogCluster cluster, long id) {
        List<String> leaderships = cluster.member(id).leaderships();
        synchronized (leaderships) {
            return List.copyOf(leaderships);
        }
    }

    @Test
    void a_question_asked_anywhere_is_answered_at_the_leaders_desk() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.put(1, "a", "1");
            long leader = cluster.awaitLeader();
            for (long id = 1; id <= 3; id++) {
                ByteString answer =
                        get(cluster.member(id).log().askLeader(ByteString.copyFromUtf8("ttl")));
                assertThat(answer.toStringUtf8()).isEqualTo("ttl@" + leader);
            }
        }
    }

    @Test
    void without_a_majority_a_write_ends_indeterminate_and_a_read_fails() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.put(1, "a", "1");
            long leader = cluster.awaitLeader();
            cluster.isolate(leader);
            CompletableFuture<Applied> write =
                    cluster.member(leader).log().propose(Commands.put("a", "lost"));
            CompletableFuture<Void> read = cluster.member(leader).log().readBarrier();

            assertThatThrownBy(() -> get(write))
                    .isInstanceOfSatisfying(
                            EtcdException.class,
                            e -> assertThat(e.error()).isEqualTo(EtcdError.TIMEOUT));
            assertThatThrownBy(() -> get(read))
                    .isInstanceOfSatisfying(
                            EtcdException.class,
                            e -> assertThat(e.error()).isEqualTo(EtcdError.NO_LEADER));
        }
    }
}
