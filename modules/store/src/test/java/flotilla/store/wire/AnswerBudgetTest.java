package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerBudgetTest {
    private static final long SHARE = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AnswerBudget budget = new AnswerBudget(SHARE);

    @Test
    void a_small_answer_takes_nothing_even_when_large_ones_have_taken_all() {
        gather(300 << 10);
        gather(300 << 10);
        budget.overdraw(SHARE);

        CallRoom small = new CallRoom(budget);
        small.begin();
        small.take(CallRoom.SMALL_BYTES);

        assertThat(budget.taken()).isEqualTo(SHARE + (600 << 10));
    }

    @Test
    void an_answer_takes_what_it_holds_from_its_gathering_until_it_has_left() {
        CallRoom room = gather(100 << 10);
        assertThat(budget.taken()).isEqualTo(100 << 10);

        room.close();
        room.close();

        assertThat(budget.taken()).isZero();
    }

    @Test
    void one_answer_holds_half_of_the_share_and_a_single_value_more() {
        assertThat(refusal(() -> gather(SHARE / 4, SHARE / 4, 1)))
                .isEqualTo(EtcdError.ANSWER_TOO_LARGE);
        CallRoom single = new CallRoom(new AnswerBudget(SHARE));
        single.begin();
        single.take(3 * SHARE);
    }

    @Test
    void a_third_answer_at_once_waits_until_one_has_left() throws Exception {
        CallRoom first = gather(SHARE / 2);
        CallRoom second = gather(SHARE / 2);
        CallRoom third = new CallRoom(budget);
        third.begin();
        assertThat(refusal(() -> third.take(SHARE / 4))).isEqualTo(EtcdError.TOO_MANY_REQUESTS);

        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> {
                    third.begin(PATIENCE);
                    third.take(SHARE / 4);
                    third.settle();
                });
        first.close();

        waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        second.close();
        assertThat(budget.taken()).isEqualTo(SHARE / 4);
    }

    @Test
    void whoever_waits_in_vain_is_refused() {
        gather(SHARE / 2);
        gather(SHARE / 2);
        CallRoom third = new CallRoom(budget);
        third.begin(Duration.ofMillis(1));

        assertThat(refusal(() -> third.take(SHARE / 4))).isEqualTo(EtcdError.TOO_MANY_REQUESTS);
    }

    @Test
    void a_client_that_goes_while_its_answer_is_gathered_leaves_nothing_behind() {
        CallRoom room = new CallRoom(budget);
        room.begin();
        room.take(SHARE / 8);

        room.close();

        assertThat(refusal(() -> room.take(SHARE / 8))).isEqualTo(EtcdError.STOPPED);
        room.settle();
        assertThat(budget.taken()).isZero();
    }

    private CallRoom gather(long... pieces) {
        CallRoom room = new CallRoom(budget);
        room.begin();
        for (long piece : pieces) {
            room.take(piece);
        }
        room.settle();
        return room;
    }

    private static EtcdError refusal(Runnable work) {
        EtcdError[] error = new EtcdError[1];
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(EtcdException.class, e -> error[0] = e.error());
        return error[0];
    }
}
