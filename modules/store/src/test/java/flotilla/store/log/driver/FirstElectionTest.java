package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstElectionTest {
    private static final long TICK_NANOS = 100_000_000;

    private final HandLoop loop = new HandLoop();
    private final Set<Long> reached = new HashSet<>();
    private long leader;
    private int stood;

    private void begin(long self, boolean fresh, List<Long> voters) {
        new FirstElection(loop, new Leader(self, () -> leader), voters, reached::contains)
                .begin(fresh, TICK_NANOS, () -> stood++);
    }

    @Test
    void the_first_member_stands_as_soon_as_it_reaches_a_quorum() {
        begin(1, true, List.of(1L, 2L, 3L, 4L, 5L));
        reached.add(5L);
        loop.pass(7 * TICK_NANOS);
        assertThat(stood).isZero();

        reached.add(3L);
        loop.pass(TICK_NANOS);

        assertThat(stood).isEqualTo(1);
    }

    @Test
    void only_the_first_does_and_only_in_a_group_that_never_had_a_leader() {
        reached.addAll(List.of(1L, 2L, 3L));
        begin(2, true, List.of(1L, 2L, 3L));
        begin(1, false, List.of(1L, 2L, 3L));
        begin(1, true, List.of());
        loop.pass(100 * TICK_NANOS);

        assertThat(stood).isZero();
    }

    @Test
    void a_member_alone_stands_at_each_start() {
        begin(1, false, List.of(1L));

        assertThat(stood).isEqualTo(1);
    }

    @Test
    void whoever_leads_ends_it() {
        reached.add(2L);
        begin(1, true, List.of(1L, 2L, 3L));
        leader = 3;
        loop.pass(100 * TICK_NANOS);

        assertThat(stood).isEqualTo(1);
    }

    @Test
    void one_that_stands_in_vain_tries_again_and_leaves_it_to_the_timeouts_in_the_end() {
        reached.add(2L);
        begin(1, true, List.of(1L, 2L, 3L));
        loop.pass(20 * TICK_NANOS);
        assertThat(stood).isBetween(2, 10);

        loop.pass(100 * TICK_NANOS);
        int most = stood;
        loop.pass(100 * TICK_NANOS);
        assertThat(stood).isEqualTo(most);
    }
}
