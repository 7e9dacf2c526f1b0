package flotilla.store.raft;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that wait, when the leader they asked says nothing any more. */
class ReadBarrierTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AppliedIndex applied = new AppliedIndex(Runnable::run);
    private final List<CompletableFuture<Long>> questions = new ArrayList<>();
    private final ReadBarrier barrier =
            new ReadBarrier(
                    () -> {
                        CompletableFuture<Long> question = new CompletableFuture<>();
                        questions.add(question);
                        return question;
                    },
                    applied,
                    new Timing(Clock.system(), TimeUnit.HOURS.toNanos(1), timer),
                    Runnable::run);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void reads_that_come_while_a_question_is_out_wait_for_the_next() {
        CompletableFuture<Void> early = barrier.read();
        CompletableFuture<Void> late = barrier.read();

        questions.getFirst().complete(0L);

        assertThat(early).isCompleted();
        assertThat(late).isNotDone();
        questions.getLast().complete(0L);
        assertThat(late).isCompleted();
        assertThat(questions).hasSize(2);
    }

    @Test
    void a_new_leader_is_asked_though_the_old_one_never_answers() {
        CompletableFuture<Void> early = barrier.read();
        CompletableFuture<Void> late = barrier.read();

        barrier.leaderChanged();
        questions.getLast().complete(0L);

        assertThat(questions).hasSize(2);
        assertThat(early).isCompleted();
        assertThat(late).isCompleted();
    }

    @Test
    void an_answer_of_the_old_leader_counts_for_nothing_once_another_was_asked() {
        CompletableFuture<Void> read = barrier.read();

        barrier.leaderChanged();
        questions.getFirst().complete(0L);

        assertThat(read).isNotDone();
        questions.getLast().complete(7L);
        assertThat(read).isNotDone();
        applied.advance(7);
        assertThat(read).isCompleted();
    }

    @Test
    void closing_ends_reads_whose_question_is_out() {
        CompletableFuture<Void> read = barrier.read();

        barrier.close();

        assertThat(read).isCompletedExceptionally();
    }
}
