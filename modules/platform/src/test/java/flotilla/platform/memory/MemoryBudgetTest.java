package flotilla.platform.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.platform.metrics.Metrics;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    /** In the order of the shares, in tenths of a MiB, rounded down. */
    @ParameterizedTest
    @CsvSource({
        "20, 20 30 10 20 20 16 10 12 10",
        "24, 24 36 12 24 24 19 12 14 12",
        "80, 80 120 40 80 80 64 40 48 40",
        "512, 512 768 256 512 512 409 256 307 256",
        "4096, 2560 5120 640 4096 2560 2560 640 2457 640",
        "65536, 2560 5120 640 5120 2560 2560 640 5120 640",
    })
    void a_heap_is_divided_so(long heapMib, String tenths) {
        MemoryBudget budget = new MemoryBudget(heapMib * MIB + 100);

        List<Long> shares =
                Arrays.stream(Share.values()).map(s -> budget.bytes(s) * 10 / MIB).toList();

        assertThat(shares)
                .isEqualTo(Arrays.stream(tenths.split(" ")).map(Long::parseLong).toList());
    }

    @Test
    void a_quarter_of_every_heap_belongs_to_no_share() {
        for (long heap = MemoryBudget.HEAP_BYTES_MIN; heap < 2L << 40; heap += heap / 50) {
            MemoryBudget budget = new MemoryBudget(heap);

            assertThat(Arrays.stream(Share.values()).mapToLong(budget::bytes).sum())
                    .as("shares of a heap of %d bytes", heap)
                    .isLessThanOrEqualTo(heap / 4 * 3);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 20 * MIB - 1})
    void a_heap_too_small_to_divide_is_refused_with_the_flag_to_set(long heap) {
        assertThatThrownBy(() -> new MemoryBudget(heap)).hasMessageContaining("-Xmx24m");
    }

    @Test
    void a_member_that_shares_its_process_divides_what_it_was_given() {
        String before = System.setProperty(MemoryBudget.HEAP_PROPERTY, String.valueOf(48 * MIB));
        try {
            assertThat(MemoryBudget.ofThisJvm().heapBytes()).isEqualTo(48 * MIB);
        } finally {
            if (before == null) {
                System.clearProperty(MemoryBudget.HEAP_PROPERTY);
            } else {
                System.setProperty(MemoryBudget.HEAP_PROPERTY, before);
            }
        }
    }

    @Test
    void each_share_is_a_metric() {
        Metrics metrics = new Metrics();

        new MemoryBudget(100 * MIB).show(metrics);

        assertThat(metrics.text())
                .contains("flotilla_memory_budget_bytes{share=\"log_cache\"} 1.572864E7")
                .contains("share=\"journals\"");
    }
}
