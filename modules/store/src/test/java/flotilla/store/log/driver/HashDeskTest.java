package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.PutRequest;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.peer.HashAnswer;
import flotilla.store.peer.HashQuestion;
import flotilla.store.peer.PeerReply;
import flotilla.store.view.EtcdStateMachine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashDeskTest {
    private final EtcdStateMachine machine = new EtcdStateMachine(new MemoryStorage());
    private final Deque<Runnable> passes = new ArrayDeque<>();
    private final HashDesk desk = new HashDesk(machine, passes::add);
    private long index;

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void the_question_waits_for_no_pass() {
        CompletableFuture<PeerReply> answer = ask(1, 1);

        assertThat(answer).isNotDone();
        passes.remove().run();
        assertThat(answer.resultNow().getHash().getHash()).isEqualTo(machine.hashKv(1).getHash());
    }

    @Test
    void who_asks_again_is_given_the_same_pass() {
        put();
        CompletableFuture<PeerReply> first = ask(2, 7);
        CompletableFuture<PeerReply> again = ask(2, 7);
        assertThat(passes).hasSize(1);

        passes.remove().run();

        assertThat(again.resultNow()).isEqualTo(first.resultNow());
        assertThat(ask(2, 7)).as("and what it came to").isDone();
        assertThat(passes).isEmpty();
    }

    @Test
    void another_comparison_reads_anew() {
        assertThat(answer(1, 7).hasHash()).isTrue();

        assertThat(ask(1, 8)).isNotDone();
        assertThat(passes).hasSize(1);
    }

    @Test
    void a_member_that_is_behind_says_where_it_is_and_is_looked_at_again() {
        HashAnswer behind = answer(2, 7);
        assertThat(behind.hasHash()).isFalse();
        assertThat(behind.getRevision()).isEqualTo(1);

        put();

        assertThat(answer(2, 7).getHash()).isEqualTo(machine.hashKv(2).getHash());
    }

    @Test
    void what_was_compacted_has_no_hash_any_more() {
        put();
        put();
        compact(3);

        HashAnswer compacted = answer(2, 7);

        assertThat(compacted.hasHash()).isFalse();
        assertThat(compacted.getRevision()).isEqualTo(3);
        assertThat(compacted.getCompactRevision()).isEqualTo(3);
    }

    /** Where nothing was written since the compaction there is no other revision to compare. */
    @Test
    void the_compacted_revision_itself_has_one_that_later_writes_leave_as_it_is() {
        put();
        put();
        compact(3);
        int newest = machine.hashAt(0).hash().orElseThrow();

        assertThat(answer(3, 7).getHash()).isEqualTo(newest);
        put();
        assertThat(answer(3, 8).getHash()).isEqualTo(newest);
        assertThatThrownBy(() -> machine.hashKv(3))
                .as("what etcd refuses its clients")
                .hasMessageContaining("has been compacted");
    }

    @Test
    void many_that_ask_take_up_no_more_than_a_few() {
        CompletableFuture<PeerReply> first = ask(1, 0);
        for (int check = 1; check <= 1000; check++) {
            assertThat(ask(1, check)).isNotSameAs(first);
        }

        assertThat(ask(1, 0)).as("forgotten").isNotSameAs(first);
    }

    private CompletableFuture<PeerReply> ask(long revision, long check) {
        return desk.answer(HashQuestion.newBuilder().setRevision(revision).setCheck(check).build());
    }

    private HashAnswer answer(long revision, long check) {
        CompletableFuture<PeerReply> answer = ask(revision, check);
        passes.remove().run();
        return answer.resultNow().getHash();
    }

    private void compact(long revision) {
        apply(
                Command.newBuilder()
                        .setCompaction(CompactionRequest.newBuilder().setRevision(revision)));
    }

    private void put() {
        apply(
                Command.newBuilder()
                        .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k"))));
    }

    private void apply(Command.Builder command) {
        index++;
        var _ = machine.apply(index, 1, CommandBatch.newBuilder().addCommands(command).build());
    }
}
