package flotilla.client.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RenewalTest {
    private final Renewal renewal = new Renewal(1_000, 9_000);

    @Test
    void a_lease_is_renewed_at_once_and_then_three_times_in_its_ttl() {
        assertThat(renewal.isDue(1_000)).isTrue();

        renewal.renewed(1_000, 9_000, 1_200);

        assertThat(renewal.isDue(4_199)).isFalse();
        assertThat(renewal.isDue(4_200)).isTrue();
        assertThat(renewal.dueMillis()).isEqualTo(4_200);
    }

    @Test
    void it_is_counted_from_when_the_last_accepted_renewal_was_sent() {
        renewal.renewed(2_000, 9_000, 4_000);
        assertThat(renewal.sentMillis()).isEqualTo(2_000);

        renewal.failed(10_999);
        assertThat(renewal.isLost()).isFalse();
        assertThat(renewal.sentMillis()).isEqualTo(2_000);
        renewal.failed(11_000);
        assertThat(renewal.isLost()).isTrue();
    }

    @Test
    void the_store_says_how_long_it_has() {
        renewal.renewed(2_000, 3_000, 2_100);

        renewal.failed(5_000);

        assertThat(renewal.isLost()).isTrue();
    }

    @Test
    void what_failed_is_tried_again_soon() {
        renewal.failed(2_000);

        assertThat(renewal.isDue(2_099)).isFalse();
        assertThat(renewal.isDue(2_100)).isTrue();
    }

    @Test
    void a_lease_that_the_store_does_not_know_is_lost_for_good() {
        renewal.renewed(2_000, 0, 2_100);
        assertThat(renewal.isLost()).isTrue();

        renewal.renewed(2_000, 9_000, 2_200);

        assertThat(renewal.isLost()).isTrue();
        assertThat(renewal.isDue(60_000)).isFalse();
    }
}
