package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollIntervalTest {
    /** A PID file that is written after a minute is noticed at once, not after another one. */
    @Test
    void a_long_search_goes_on_looking_several_times_a_second() {
        PollInterval interval = PollInterval.FIRST;
        Duration waited = Duration.ZERO;

        while (waited.compareTo(Duration.ofMinutes(1)) < 0) {
            waited = waited.plus(interval.length());
            interval = interval.next();
        }

        assertThat(interval.length()).isLessThanOrEqualTo(Duration.ofMillis(200));
    }
}
