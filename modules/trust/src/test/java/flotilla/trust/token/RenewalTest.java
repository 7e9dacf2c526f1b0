package flotilla.trust.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private static final long END = Duration.ofDays(100).toMillis();
    private static final Renewal EARLY = new Renewal(END, 0);
    private static final Renewal LATE = new Renewal(END, 1);

    private static long before(Duration left) {
        return END - left.toMillis();
    }

    @Test
    void it_is_time_when_half_of_its_life_is_over_and_not_for_all_at_once() {
        assertThat(EARLY.isDue(before(Duration.ofHours(85)))).isFalse();
        assertThat(EARLY.isDue(before(Duration.ofHours(84)))).isTrue();
        assertThat(LATE.isDue(before(Duration.ofHours(84)))).isFalse();
        assertThat(LATE.isDue(before(Duration.ofHours(67)))).isTrue();
    }

    @Test
    void who_fails_tries_less_and_less_often_but_each_hour() {
        assertThat(EARLY.pause(1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(EARLY.pause(3)).isEqualTo(Duration.ofMinutes(4));
        assertThat(EARLY.pause(7)).isEqualTo(Duration.ofHours(1));
        assertThat(EARLY.pause(10_000)).isEqualTo(Duration.ofHours(1));
        assertThat(LATE.pause(10_000)).isBetween(Duration.ofHours(1), Duration.ofMinutes(67));
    }

    @Test
    void people_are_told_on_the_last_day_and_after_it() {
        assertThat(EARLY.alarm(before(Duration.ofHours(25)))).isEmpty();
        assertThat(EARLY.alarm(before(Duration.ofHours(2))))
                .hasValueSatisfying(words -> assertThat(words).contains("ends in 120 min"));
        assertThat(EARLY.alarm(END))
                .hasValueSatisfying(
                        words -> assertThat(words).contains("has ended").contains("for 30 days"));
    }
}
