package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AgentLagTest {
    private static final Duration ALMOST = AgentLag.LAG.minusNanos(1);

    private final SetClock clock = new SetClock();
    private final AgentLag lag = new AgentLag(clock);

    /** Goes on when it is told to. */
    private static final class SetClock implements Clock {
        private long nanos = Long.MAX_VALUE - 5; // A clock may turn over.

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }
    }

    @Test
    void a_unit_that_was_told_to_stop_is_seen_launched_for_as_long_as_the_original_is_late() {
        lag.toldToStop("a.service");

        assertThat(lag.seesLaunched("a.service")).isTrue();
        assertThat(lag.seesLaunched("b.service")).isFalse();
        clock.nanos += ALMOST.toNanos();
        assertThat(lag.seesLaunched("a.service")).isTrue();
        clock.nanos++;
        assertThat(lag.seesLaunched("a.service")).isFalse();
    }

    @Test
    void a_unit_that_is_told_otherwise_is_seen_as_it_is() {
        lag.toldToStop("a.service");

        lag.toldOtherwise("a.service");

        assertThat(lag.seesLaunched("a.service")).isFalse();
    }
}
