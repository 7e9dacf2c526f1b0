package flotilla.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RateLimit limit = new RateLimit(2, 3, 2);

    private int taken(String client, long nowNanos) {
        int taken = 0;
        while (limit.tryTake(client, nowNanos)) {
            taken++;
        }
        return taken;
    }

    @Test
    void one_clients_greed_takes_nothing_from_another() {
        assertThat(taken("10.0.0.1", 0)).isEqualTo(3);

        assertThat(taken("10.0.0.2", 0)).isEqualTo(3);
    }

    @Test
    void a_bucket_fills_with_time_and_never_above_its_burst() {
        taken("10.0.0.1", 0);

        assertThat(taken("10.0.0.1", SECOND)).isEqualTo(2);
        assertThat(taken("10.0.0.1", 60 * SECOND)).isEqualTo(3);
    }

    @Test
    void a_clock_that_began_below_zero_changes_nothing() {
        assertThat(taken("10.0.0.1", Long.MIN_VALUE)).isEqualTo(3);
        assertThat(taken("10.0.0.1", Long.MIN_VALUE + SECOND)).isEqualTo(2);
    }

    @Test
    void those_that_are_too_many_to_remember_share_one_bucket() {
        taken("10.0.0.1", 0);
        taken("10.0.0.2", 0);

        assertThat(taken("10.0.0.3", 0)).isEqualTo(3);
        for (int client = 4; client < 100; client++) {
            assertThat(taken("10.0.0." + client, 0)).isZero();
        }
        assertThat(limit.remembered()).isEqualTo(3);
    }

    @Test
    void a_client_that_has_rested_makes_room_for_one_that_is_new() {
        taken("10.0.0.1", 0);
        taken("10.0.0.2", 0);

        assertThat(taken("10.0.0.3", 2 * SECOND)).isEqualTo(3);

        assertThat(limit.remembered()).isEqualTo(1);
    }
}
