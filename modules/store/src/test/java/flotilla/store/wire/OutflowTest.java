package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import org.junit.jupiter.api.Test;

class OutflowTest {
    private static final long SHARE = MemoryBudget.ofThisJvm().bytes(Share.EVENT_HISTORY);

    private final Outflow outflow = new Outflow();
    private final Outflow.Part slow = outflow.part();
    private final Outflow.Part other = outflow.part();

    @Test
    void while_much_waits_for_slow_clients_all_are_sent_little() {
        slow.add(SHARE - 1);
        assertThat(outflow.room()).isGreaterThan(SHARE);
        other.add(1);
        assertThat(outflow.room()).isLessThan(100_000);

        other.taken();

        assertThat(outflow.room()).isGreaterThan(SHARE);
    }

    @Test
    void a_client_that_has_gone_counts_for_nothing_whatever_is_still_sent_to_it() {
        slow.add(SHARE);
        slow.end();
        slow.add(SHARE);

        assertThat(outflow.room()).isGreaterThan(SHARE);
    }
}
