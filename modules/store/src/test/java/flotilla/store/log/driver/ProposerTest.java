package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import flotilla.platform.memory.MemoryBudget;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.driver.Proposer.Sent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProposerTest {
    private static final long TIMEOUT_NANOS = 5_000_000_000L;
    private static final long MOMENT_NANOS = 50_000_000;

    private int level;
    private final HandLoop loop = new HandLoop();
    private final Leader leader = new Leader();
    private final Proposer proposer =
            new Proposer(new Requests(77, TIMEOUT_NANOS, () -> level), loop, leader, Runnable::run);

    /** Whoever leads: notes what it is sent, and answers when the test says so. */
    private static final class Leader implements Proposer.Route {
        private boolean there = true;
        private boolean refuses;
        private final List<CommandBatch> batches = new ArrayList<>();
        private final List<byte[]> sent = new ArrayList<>();
        private final List<Consumer<Sent>> answers = new ArrayList<>();

        @Override
        public boolean send(byte[] batch, Consumer<Sent> result) {
            if (!there) {
                return false;
            }
            sent.add(batch);
            try {
                batches.add(CommandBatch.parseFrom(batch));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            answers.add(result);
            if (refuses) {
                result.accept(Sent.REFUSED);
            }
            return true;
        }
    }

    private static final Command ALARM =
            Command.newBuilder().setAlarm(AlarmRequest.getDefaultInstance()).build();

    private static Command put(String key) {
        return Command.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                .build();
    }

    private static Applied done() {
        return new Applied.Done(PutResponse.getDefaultInstance());
    }

    private void apply(CommandBatch batch) {
        proposer.applied(batch.getNumber(), Collections.nCopies(batch.getCommandsCount(), done()));
        loop.execute(proposer::progressed);
        loop.run();
    }

    private CompletableFuture<Applied> propose(String key) {
        CompletableFuture<Applied> answer = proposer.propose(put(key));
        loop.run();
        return answer;
    }

    private static EtcdError error(CompletableFuture<Applied> answer) {
        assertThat(answer).isCompletedExceptionally();
        return ((EtcdException) answer.exceptionNow()).error();
    }

    @Test
    void what_comes_while_the_window_is_full_shares_the_next_batch() {
        CompletableFuture<Applied> first = propose("a");
        CompletableFuture<Applied> second = propose("b");
        List<CompletableFuture<Applied>> rest = List.of(propose("c"), propose("d"), propose("e"));
        assertThat(leader.batches).hasSize(Proposer.WINDOW);

        apply(leader.batches.getFirst());

        assertThat(first).isCompletedWithValue(done());
        assertThat(second).isNotDone();
        assertThat(leader.batches.getLast().getCommandsList())
                .containsExactly(put("c"), put("d"), put("e"));
        apply(leader.batches.getLast());
        assertThat(rest).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(done()));
    }

    @Test
    void what_is_above_the_cluster_s_level_is_refused_before_anybody_is_sent_it() {
        level = FeatureLevel.UNDECIDED;
        CompletableFuture<Applied> early = proposer.propose(ALARM);
        level = 0;
        CompletableFuture<Applied> still = proposer.propose(ALARM);
        loop.run();

        assertThat(error(early)).isEqualTo(EtcdError.NOT_CAPABLE);
        assertThat(error(still)).isEqualTo(EtcdError.NOT_CAPABLE);
        assertThat(leader.batches).isEmpty();
        assertThat(proposer.pending()).isZero();
    }

    @Test
    void a_batch_says_the_highest_level_among_its_commands_in_bytes_and_unread() {
        level = 1;
        var _ = propose("a");
        var _ = proposer.propose(put("b"));
        var _ = proposer.propose(ALARM);
        loop.run();

        assertThat(leader.batches)
                .extracting(CommandBatch::getCommandsCount, CommandBatch::getLevel)
                .containsExactly(tuple(1, 0), tuple(2, 1));
        assertThat(leader.sent)
                .allSatisfy(bytes ->
                        assertThat(Objects.requireNonNull(proposer.own(bytes)).commands())
                                .isEqualTo(CommandBatch.parseFrom(bytes)));
    }

    @Test
    void what_comes_together_goes_together_to_a_leader_that_has_time() {
        var _ = proposer.propose(put("a"));
        var _ = proposer.propose(put("b"));
        loop.run();

        assertThat(leader.batches).hasSize(1);
        assertThat(leader.batches.getFirst().getOrigin()).isEqualTo(77);
        assertThat(leader.batches.getFirst().getCommandsList()).containsExactly(put("a"), put("b"));
    }

    @Test
    void a_batch_of_unknown_fate_goes_out_again_under_its_number() {
        CompletableFuture<Applied> answer = propose("a");
        leader.answers.getFirst().accept(Sent.UNKNOWN);
        loop.pass(MOMENT_NANOS);

        assertThat(leader.batches).hasSize(2);
        assertThat(leader.batches.get(1)).isEqualTo(leader.batches.get(0));
        apply(leader.batches.get(1));
        assertThat(answer).isCompletedWithValue(done());
    }

    @Test
    void another_leader_is_sent_what_is_under_way_at_once() {
        var _ = propose("a");
        leader.answers.getFirst().accept(Sent.APPENDED);
        loop.execute(proposer::leaderChanged);
        loop.run();

        assertThat(leader.batches).hasSize(2);
    }

    @Test
    void without_a_leader_a_write_fails_and_is_known_to_have_failed() {
        leader.there = false;
        CompletableFuture<Applied> answer = propose("a");
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(error(answer)).isEqualTo(EtcdError.NO_LEADER);
    }

    @Test
    void a_write_that_was_always_refused_is_known_to_have_failed() {
        leader.refuses = true;
        CompletableFuture<Applied> answer = propose("a");
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(leader.batches.size()).isGreaterThan(10);
        assertThat(error(answer)).isEqualTo(EtcdError.NO_LEADER);
    }

    @Test
    void a_write_that_the_leader_can_not_read_fails_at_once_and_is_not_sent_again() {
        CompletableFuture<Applied> answer = propose("a");
        leader.answers.getFirst().accept(Sent.UNREADABLE);

        assertThat(error(answer)).isEqualTo(EtcdError.UNREADABLE);
        assertThat(proposer.pending()).isZero();
        loop.pass(2 * TIMEOUT_NANOS);
        assertThat(leader.batches).hasSize(1);
    }

    @Test
    void what_waits_behind_a_write_that_the_leader_can_not_read_has_its_turn() {
        var _ = propose("a");
        var _ = propose("b");
        var _ = propose("c");
        assertThat(leader.batches).hasSize(Proposer.WINDOW);

        leader.answers.getFirst().accept(Sent.UNREADABLE);

        assertThat(leader.batches.getLast().getCommandsList()).containsExactly(put("c"));
    }

    @Test
    void a_write_that_may_be_in_a_log_ends_unknown_though_a_later_leader_can_not_read_it() {
        CompletableFuture<Applied> answer = propose("a");
        leader.answers.getFirst().accept(Sent.UNKNOWN);
        loop.pass(MOMENT_NANOS);
        leader.answers.getLast().accept(Sent.UNREADABLE);
        assertThat(answer).isNotDone();
        leader.there = false;
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(error(answer)).isEqualTo(EtcdError.TIMEOUT);
    }

    @Test
    void a_write_that_may_be_in_a_log_ends_unknown_though_later_attempts_were_refused() {
        CompletableFuture<Applied> answer = propose("a");
        leader.answers.getFirst().accept(Sent.UNKNOWN);
        loop.pass(MOMENT_NANOS);
        leader.answers.getLast().accept(Sent.REFUSED);
        leader.there = false;
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(error(answer)).isEqualTo(EtcdError.TIMEOUT);
    }

    @Test
    void a_state_from_a_checkpoint_leaves_the_fate_of_what_was_sent_unknown() {
        CompletableFuture<Applied> sent = propose("a");
        loop.execute(proposer::stateReplaced);
        loop.run();

        assertThat(error(sent)).isEqualTo(EtcdError.TIMEOUT);
    }

    @Test
    void a_member_that_stops_says_so_to_all_who_wait() {
        CompletableFuture<Applied> sent = propose("a");
        loop.execute(proposer::close);
        loop.run();

        assertThat(error(sent)).isEqualTo(EtcdError.STOPPED);
        assertThat(error(propose("b"))).isEqualTo(EtcdError.STOPPED);
        assertThat(proposer.pending()).isZero();
    }

    @Test
    void more_than_a_member_holds_is_refused_before_it_is_queued() {
        leader.there = false;
        for (int i = 0; i < Proposer.QUEUED_COMMANDS; i++) {
            var _ = proposer.propose(put("k" + i));
        }

        assertThat(error(proposer.propose(put("one too many"))))
                .isEqualTo(EtcdError.TOO_MANY_REQUESTS);
    }

    @Test
    void a_command_larger_than_the_share_is_taken_alone_and_refused_behind_others() {
        leader.there = false;
        int share = (int) MemoryBudget.ofThisJvm().bytes(MemoryBudget.Share.PROPOSALS);
        String larger = "k".repeat(share + 1);

        assertThat(proposer.propose(put(larger))).isNotDone();
        assertThat(error(proposer.propose(put("another")))).isEqualTo(EtcdError.TOO_MANY_REQUESTS);
    }
}
