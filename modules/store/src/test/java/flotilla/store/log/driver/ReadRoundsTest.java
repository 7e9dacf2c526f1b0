package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.Ready.ReadPoint;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
    private static final long TIMEOUT_NANOS = 5_000_000_000L;

    private final HandLoop loop = new HandLoop();
    private final List<Long> asked = new ArrayList<>();
    private final ReadRounds reads =
            new ReadRounds(
                    new Requests(1_000, TIMEOUT_NANOS, () -> 0), loop, asked::add, Runnable::run);

    private CompletableFuture<Void> read() {
        CompletableFuture<Void> read = reads.read();
        loop.run();
        return read;
    }

    private static EtcdError error(CompletableFuture<Void> read) {
        assertThat(read).isCompletedExceptionally();
        return ((EtcdException) read.exceptionNow()).error();
    }

    @Test
    void a_read_waits_until_its_index_is_applied() {
        reads.applied(6);
        CompletableFuture<Void> read = read();
        reads.answered(List.of(new ReadPoint(asked.getFirst(), 7)));
        assertThat(read).isNotDone();

        reads.applied(7);

        assertThat(read).isCompleted();
    }

    @Test
    void reads_that_come_while_questions_are_under_way_share_the_next_one() {
        reads.applied(9);
        for (int i = 0; i < ReadRounds.QUESTIONS; i++) {
            var _ = read();
        }
        List<CompletableFuture<Void>> later = List.of(read(), read(), read());
        assertThat(asked).hasSize(ReadRounds.QUESTIONS);

        reads.answered(List.of(new ReadPoint(asked.getFirst(), 9)));

        assertThat(asked).hasSize(ReadRounds.QUESTIONS + 1);
        assertThat(later).allSatisfy(read -> assertThat(read).isNotDone());
        reads.answered(List.of(new ReadPoint(asked.getLast(), 9)));
        assertThat(later).allSatisfy(read -> assertThat(read).isCompleted());
    }

    @Test
    void a_read_that_was_refused_is_asked_for_under_a_new_id() {
        CompletableFuture<Void> read = read();
        reads.refused(List.of(asked.getFirst()));
        loop.pass(TIMEOUT_NANOS / 10);

        assertThat(asked).hasSize(2).doesNotHaveDuplicates();
        assertThat(read).isNotDone();
    }

    @Test
    void a_read_that_nobody_answers_fails_and_may_be_tried_again() {
        CompletableFuture<Void> read = read();
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(error(read)).isEqualTo(EtcdError.NO_LEADER);
    }

    @Test
    void a_read_whose_index_is_not_applied_in_time_ends() {
        CompletableFuture<Void> read = read();
        reads.answered(List.of(new ReadPoint(asked.getFirst(), 7)));
        loop.pass(2 * TIMEOUT_NANOS);

        assertThat(error(read)).isEqualTo(EtcdError.TIMEOUT);
    }

    @Test
    void a_member_that_stops_says_so_to_all_who_wait() {
        CompletableFuture<Void> waiting = read();
        reads.close();

        assertThat(error(waiting)).isEqualTo(EtcdError.STOPPED);
        assertThat(error(read())).isEqualTo(EtcdError.STOPPED);
    }
}
