package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.Entry;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    private static Entry entry(long index, int bytes) {
        return new Entry(index, 1, Entry.Kind.NORMAL, new byte[bytes]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void each_stretch_is_as_large_as_its_entries_whatever_came_before(long seed) {
        Random random = new Random(seed);
        Sizes sizes = new Sizes(10);
        TreeMap<Long, Integer> model = new TreeMap<>();
        long base = 10;
        for (int i = 0; i < 20_000; i++) {
            long last = base + model.size();
            switch (random.nextInt(100)) {
                case 0 -> {
                    base += random.nextInt(model.size() + 1);
                    model.headMap(base, true).clear();
                    sizes.compactTo(base);
                }
                case 1 -> {
                    base = last + random.nextInt(5);
                    model.clear();
                    sizes.restart(base);
                }
                case 2, 3 -> {
                    long at = base + 1 + random.nextInt(model.size() + 1);
                    model.tailMap(at, true).clear();
                    int bytes = random.nextInt(100);
                    model.put(at, bytes);
                    sizes.append(entry(at, bytes));
                }
                default -> {
                    int bytes = random.nextInt(100);
                    model.put(last + 1, bytes);
                    sizes.append(entry(last + 1, bytes));
                }
            }
            if (!model.isEmpty()) {
                long first = base + 1 + random.nextInt(model.size());
                long end = first + random.nextInt((int) (model.lastKey() - first + 1));
                long sum =
                        model.subMap(first, true, end, true).values().stream()
                                .mapToLong(Integer::longValue)
                                .sum();
                assertThat(sizes.bytes(first, end)).isEqualTo(sum);
                assertThat(sizes.last()).isEqualTo(model.lastKey());
            }
        }
    }

    @Test
    void a_gap_is_a_mistake_of_the_program() {
        Sizes sizes = new Sizes(10);

        assertThatThrownBy(() -> sizes.append(entry(12, 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sizes.append(entry(10, 1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
