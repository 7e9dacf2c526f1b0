package flotilla.platform.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final AtomicInteger told = new AtomicInteger();
    private final Deque<CompletableFuture<Void>> asked = new ArrayDeque<>();
    private final Watchdog watchdog = new Watchdog(told::incrementAndGet, this::ask);

    private CompletableFuture<Void> ask() {
        asked.add(new CompletableFuture<>());
        return asked.getLast();
    }

    @Test
    void each_answer_of_the_loop_is_told_once_and_asked_for_anew() {
        for (int turn = 1; turn <= 3; turn++) {
            asked.getLast().complete(null);
            watchdog.turn();
            assertThat(told).hasValue(turn);
            assertThat(asked).hasSize(turn + 1);
        }
    }

    @Test
    void nothing_is_told_of_a_loop_that_hangs_and_it_is_asked_once_only() {
        asked.getLast().complete(null);
        watchdog.turn();

        watchdog.turn();
        watchdog.turn();

        assertThat(told).hasValue(1);
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_loop_that_went_on_is_told_of_again() {
        watchdog.turn();

        asked.getLast().complete(null);
        watchdog.turn();

        assertThat(told).hasValue(1);
    }

    @Test
    void an_answer_that_fails_is_none() {
        asked.getLast().completeExceptionally(new IllegalStateException("ended"));

        watchdog.turn();

        assertThat(told).hasValue(0);
    }
}
