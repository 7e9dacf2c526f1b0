package flotilla.store.apply.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LessorTest {
    private final Lessor lessor = new Lessor();

    /** A clock may start anywhere, near its overflow too. */
    private static final long START = Long.MAX_VALUE - 5_000_000_000L;

    private static long after(long seconds) {
        return START + TimeUnit.SECONDS.toNanos(seconds);
    }

    private static Lease lease(long id, long ttl) {
        return new Lease(id, ttl, ttl);
    }

    @Test
    void a_lease_expires_after_its_time_and_not_before() {
        lessor.lead(List.of(lease(1, 10), lease(2, 5)), START);
        assertThat(lessor.expired(after(4), 10)).isEmpty();
        assertThat(lessor.expired(after(5), 10)).containsExactly(2L);
        assertThat(lessor.expired(after(10), 10)).contains(1L);
    }

    @Test
    void a_renewed_lease_gets_its_whole_time_again() {
        lessor.lead(List.of(lease(1, 10)), START);
        assertThat(lessor.renew(1, after(9))).contains(new Lessor.Renewal(10, false, 0));
        assertThat(lessor.expired(after(18), 10)).isEmpty();
        assertThat(lessor.remainingSeconds(1, after(18))).hasValue(1);
        assertThat(lessor.expired(after(19), 10)).containsExactly(1L);
    }

    @Test
    void an_expired_lease_is_not_renewed_and_is_reported_again_until_revoked() {
        lessor.lead(List.of(lease(1, 5)), START);
        assertThat(lessor.expired(after(5), 10)).containsExactly(1L);
        assertThat(lessor.renew(1, after(5))).isEmpty();
        assertThat(lessor.expired(after(6), 10)).isEmpty();
        assertThat(lessor.expired(after(9), 10)).containsExactly(1L);
        lessor.revoked(1);
        assertThat(lessor.expired(after(20), 10)).isEmpty();
    }

    @Test
    void a_new_leader_gives_every_lease_its_whole_time_again() {
        lessor.lead(List.of(lease(1, 10)), START);
        lessor.resign();
        assertThat(lessor.renew(1, after(1))).isEmpty();
        lessor.lead(List.of(lease(1, 10)), after(8));
        assertThat(lessor.expired(after(17), 10)).isEmpty();
        assertThat(lessor.expired(after(18), 10)).containsExactly(1L);
    }

    @Test
    void a_checkpoint_shortens_the_time_under_a_new_leader_until_renewed() {
        lessor.lead(List.of(lease(1, 3600)), START);
        assertThat(lessor.checkpoints(after(1000))).containsExactly(new Lessor.Remainder(1, 2600));
        lessor.lead(List.of(new Lease(1, 3600, 2600)), after(1001));
        assertThat(lessor.remainingSeconds(1, after(1001))).hasValue(2600);
        // the renewal counts only once the checkpoint is undone everywhere
        Lessor.Renewal first = lessor.renew(1, after(1002)).orElseThrow();
        assertThat(first.checkpointFirst()).isTrue();
        assertThat(lessor.renew(1, after(1003)).orElseThrow().checkpointFirst()).isTrue();
        lessor.checkpointed(1, first);
        Lessor.Renewal second = lessor.renew(1, after(1004)).orElseThrow();
        assertThat(second.checkpointFirst()).isFalse();
        // a remainder that was taken since is not undone by it
        assertThat(lessor.checkpoints(after(2004))).hasSize(1);
        lessor.checkpointed(1, second);
        assertThat(lessor.renew(1, after(2005)).orElseThrow().checkpointFirst()).isTrue();
    }

    @Test
    void the_number_reported_at_once_is_bounded() {
        lessor.lead(List.of(lease(1, 5), lease(2, 5), lease(3, 5)), START);
        assertThat(lessor.expired(after(6), 2)).hasSize(2);
        assertThat(lessor.expired(after(6), 2)).hasSize(1);
    }

    @Test
    void the_longest_lease_does_not_overflow() {
        lessor.lead(List.of(lease(1, 9_000_000_000L)), START);
        assertThat(lessor.expired(after(1_000_000), 1)).isEmpty();
        assertThat(lessor.renew(1, after(1))).isPresent();
    }
}
