package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogIndexTest {
    /** An entry as it was written, one after the other. */
    private record Written(long index, long term, Place place) {}

    @Test
    void whatever_was_written_each_live_entry_is_found_from_its_mark_on() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            LogIndex index = new LogIndex(0, 0);
            List<Written> disk = new ArrayList<>();
            List<Written> live = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                boolean back = chance.nextInt(20) == 0 && !live.isEmpty();
                int kept = back ? chance.nextInt(live.size()) : live.size();
                live.subList(kept, live.size()).clear();
                Written entry =
                        new Written(
                                kept + 1,
                                1 + i / 30,
                                new Place(i / 100, i % 100 * 3_000L, chance.nextInt()));
                live.add(entry);
                disk.add(entry);
                index.append(entry.index(), entry.term(), entry.place());
            }
            for (Written entry : live) {
                assertThat(index.term(entry.index())).hasValue(entry.term());
                assertThat(found(index, disk, entry.index())).isEqualTo(entry);
            }
            assertThat(index.last()).isEqualTo(live.size());
        }
    }

    /** As a reader finds it: from the mark on, the first of that index. */
    private static Written found(LogIndex index, List<Written> disk, long wanted) {
        Place from = index.placeOf(wanted);
        return disk.stream()
                .dropWhile(entry -> !entry.place().equals(from))
                .filter(entry -> entry.index() == wanted)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_run_ends_where_the_next_mark_stands() {
        LogIndex index = new LogIndex(0, 0);
        index.append(1, 1, new Place(0, 0, 0));
        index.append(2, 1, new Place(0, 100, 0));
        index.append(3, 1, new Place(0, LogIndex.MARK_BYTES, 0));
        index.append(4, 1, new Place(1, 0, 0));

        assertThat(index.endOfRun(1)).isEqualTo(3);
        assertThat(index.endOfRun(2)).isEqualTo(3);
        assertThat(index.endOfRun(3)).isEqualTo(4);
        assertThat(index.endOfRun(4)).isEqualTo(5);
    }

    @Test
    void a_gap_is_refused() {
        LogIndex index = new LogIndex(0, 0);
        index.append(1, 1, new Place(0, 0, 0));
        assertThatThrownBy(() -> index.append(3, 1, new Place(0, 100, 0)))
                .hasMessage("entry 3 can't follow entry 1");
    }

    @Test
    void a_log_whose_beginning_is_gone_goes_on_from_its_first_entry() {
        LogIndex index = new LogIndex(99, 0);
        index.append(100, 5, new Place(3, 0, 0));
        index.append(101, 5, new Place(3, 100, 0));

        assertThat(index.begin()).isEqualTo(100);
        assertThat(index.term(99)).isEmpty();
        assertThat(index.term(100)).hasValue(5);
        assertThat(index.term(101)).hasValue(5);
    }

    @Test
    void the_term_of_the_entry_before_the_first_outlives_its_file() {
        LogIndex index = new LogIndex(0, 0);
        index.append(1, 1, new Place(0, 0, 0));
        index.append(2, 2, new Place(0, 100, 0));
        index.append(3, 3, new Place(1, 0, 0));

        index.release(1);

        assertThat(index.begin()).isEqualTo(2);
        assertThat(index.term(1)).isEmpty();
        assertThat(index.term(2)).hasValue(2);
        assertThat(index.term(3)).hasValue(3);
    }
}
