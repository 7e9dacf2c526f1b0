package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.log.Entry;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecentEntriesTest {
    private static Entry entry(long index, long term, int bytes) {
        return new Entry(index, term, Entry.Kind.NORMAL, new byte[bytes]);
    }

    @Test
    void what_it_has_is_what_was_added_last_and_never_what_was_replaced() {
        SplittableRandom chance = new SplittableRandom(1);
        RecentEntries recent = new RecentEntries(20_000);
        TreeMap<Long, Entry> all = new TreeMap<>();
        long next = 1;
        for (int i = 1; i < 20_000; i++) {
            if (chance.nextInt(50) == 0) {
                next = Math.max(1, next - chance.nextInt(300));
            } else if (chance.nextInt(500) == 0) {
                next += 10;
                recent.clear(next);
                all.clear();
            }
            Entry entry = entry(next, i, chance.nextInt(100));
            all.tailMap(next, true).clear();
            all.put(next, entry);
            recent.add(entry);
            assertThat(recent.get(next)).isSameAs(entry);
            assertThat(recent.has(next + 1)).isFalse();
            long some = next - chance.nextInt(400);
            if (recent.has(some)) {
                assertThat(recent.get(some)).isSameAs(all.get(some));
            }
            next++;
        }
    }

    @Test
    void it_keeps_the_newest_that_its_budget_allows() {
        RecentEntries recent = new RecentEntries(10 * (64 + 100));
        for (int i = 1; i <= 50; i++) {
            recent.add(entry(i, 1, 100));
        }
        assertThat(recent.has(40)).isFalse();
        assertThat(recent.has(41)).isTrue();
        assertThat(recent.has(50)).isTrue();
    }

    @Test
    void an_entry_larger_than_the_budget_is_not_kept() {
        RecentEntries recent = new RecentEntries(1_000);
        recent.add(entry(1, 1, 10));
        recent.add(entry(2, 1, 2_000));
        assertThat(recent.has(1)).isFalse();
        assertThat(recent.has(2)).isFalse();
        recent.add(entry(3, 1, 10));
        assertThat(recent.has(3)).isTrue();
    }
}
