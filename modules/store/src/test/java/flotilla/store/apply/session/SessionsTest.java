package flotilla.store.apply.session;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.MemoryBackend;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    private final MemoryBackend backend = new MemoryBackend();
    private Sessions sessions = reopened();
    private long index;

    private Sessions reopened() {
        try (Backend.View view = backend.view()) {
            return Sessions.read(view);
        }
    }

    private boolean admit(long origin, long number) {
        try (Backend.Draft draft = backend.draft()) {
            boolean admitted = sessions.admit(draft, origin, number, ++index);
            draft.write();
            return admitted;
        }
    }

    @Test
    void a_number_is_admitted_once() {
        assertThat(admit(1, 5)).isTrue();
        assertThat(admit(1, 5)).isFalse();
        assertThat(admit(2, 5)).as("of another origin").isTrue();
        assertThat(admit(1, 6)).isTrue();
        assertThat(admit(1, 5)).isFalse();
        assertThat(admit(1, 6)).isFalse();
    }

    @Test
    void a_batch_without_an_origin_is_always_new() {
        assertThat(admit(0, 5)).isTrue();
        assertThat(admit(0, 5)).isTrue();
    }

    /**
     * Around the edges of the window: 63, 64 and 65 below the highest, and steps of those sizes.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 62, 63, 64, 65, 66, 1000, Long.MAX_VALUE})
    void a_number_within_the_window_is_told_apart_and_one_before_it_is_too_old(long step) {
        long low = 1000;
        assertThat(admit(1, low - 1)).isTrue();
        assertThat(admit(1, low)).isTrue();
        assertThat(admit(1, low + step)).isTrue();

        assertThat(admit(1, low)).as("seen, or too old").isFalse();
        if (step > 1) {
            assertThat(admit(1, low + step - 1)).isTrue();
            assertThat(admit(1, low + step - 1)).isFalse();
        }
        assertThat(admit(1, low + step - Sessions.WINDOW - 1)).as("too old").isFalse();
        long oldest = low + step - Sessions.WINDOW;
        assertThat(admit(1, oldest)).isEqualTo(oldest != low && oldest != low - 1);
    }

    /** Beside a model that forgets nothing, with numbers that come out of order. */
    @Test
    void numbers_in_any_order_within_the_window_are_each_admitted_once() {
        Random chance = new Random(1);
        Set<Long> seen = new HashSet<>();
        TreeSet<Long> open = new TreeSet<>();
        long next = 1L << 60;
        for (int i = 0; i < 50_000; i++) {
            while (open.isEmpty()
                    || (next - open.first() < Sessions.WINDOW && chance.nextInt(3) > 0)) {
                open.add(next++);
            }
            Long number = open.stream().skip(chance.nextInt(open.size())).findFirst().orElseThrow();
            assertThat(admit(9, number)).as("%d first", number).isEqualTo(seen.add(number));
            if (chance.nextBoolean()) {
                open.remove(number);
            }
            if (chance.nextInt(500) == 0) {
                sessions = reopened();
            }
        }
    }

    @Test
    void of_too_many_origins_the_one_that_brought_nothing_new_for_longest_is_forgotten() {
        for (int origin = 1; origin <= Sessions.ORIGINS_MAX; origin++) {
            assertThat(admit(origin, 7)).isTrue();
        }
        assertThat(admit(1, 8)).isTrue();
        assertThat(admit(2, 7)).as("nothing new").isFalse();
        assertThat(admit(-1, 1)).as("one more").isTrue();

        sessions = reopened();
        assertThat(admit(1, 8)).isFalse();
        assertThat(admit(3, 7)).isFalse();
        assertThat(admit(2, 7)).as("forgotten").isTrue();
        assertThat(admit(3, 7)).as("forgotten for that one").isTrue();
    }
}
