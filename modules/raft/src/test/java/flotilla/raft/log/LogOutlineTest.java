package flotilla.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogOutlineTest {
    /** Index: 1 2 3 4 5 6 7; a snapshot up to 1. */
    private static final long[] TERMS = {1, 1, 1, 2, 2, 5, 5};

    private static LogOutline outline() {
        LogOutline log = new LogOutline(SnapshotMark.beginning(ConfState.of(1, 2, 3)));
        for (int i = 2; i <= TERMS.length; i++) {
            log.append(entry(i, TERMS[i - 1]));
        }
        return log;
    }

    private static Entry entry(long index, long term) {
        return new Entry(index, term, Kind.NORMAL, new byte[0]);
    }

    @Test
    void each_index_has_its_term_from_the_base_to_the_last() {
        LogOutline log = outline();

        for (int i = 1; i <= TERMS.length; i++) {
            assertThat(log.termAt(i)).as("term at %d", i).isEqualTo(TERMS[i - 1]);
            assertThat(log.matches(i, TERMS[i - 1])).isTrue();
            assertThat(log.matches(i, TERMS[i - 1] + 1)).isFalse();
        }
        assertThat(log.matches(8, 5)).isFalse();
        assertThatThrownBy(() -> log.termAt(8)).isInstanceOf(BrokenInvariant.class);
        assertThatThrownBy(() -> log.termAt(0)).isInstanceOf(BrokenInvariant.class);
    }

    /** A log on disk is read so: an entry whose index is there already cuts it and all behind. */
    @Test
    void a_later_entry_of_an_index_takes_the_place_of_all_behind() {
        LogOutline log = outline();

        log.append(entry(5, 6));

        assertThat(log.lastIndex()).isEqualTo(5);
        assertThat(log.lastTerm()).isEqualTo(6);
        assertThat(log.termAt(4)).isEqualTo(2);
    }

    @Test
    void a_gap_a_shrinking_term_and_a_cut_below_the_base_are_refused() {
        assertThatThrownBy(() -> outline().append(entry(9, 5))).hasMessageContaining("9/5");
        assertThatThrownBy(() -> outline().append(entry(8, 4))).hasMessageContaining("8/4");
        assertThatThrownBy(() -> outline().cutFrom(1)).hasMessageContaining("snapshot");
    }

    @Test
    void compaction_keeps_the_terms_of_what_remains() {
        LogOutline log = outline();
        for (long to = 2; to <= 7; to++) {
            assertThat(log.compactTo(to)).isTrue();
            assertThat(log.termAt(to)).as("base %d", to).isEqualTo(TERMS[(int) to - 1]);
            for (long index = to; index <= 7; index++) {
                assertThat(log.termAt(index)).isEqualTo(TERMS[(int) index - 1]);
            }
        }
        assertThat(log.lastTerm()).isEqualTo(5);
        assertThat(log.compactTo(6)).isFalse();
        assertThat(log.compactTo(8)).isFalse();
        log.append(entry(8, 5));
        assertThat(log.matches(8, 5)).isTrue();
    }

    /** Raft.md scenario 21. */
    @ParameterizedTest
    @CsvSource({
        "9, 7, 7",
        "5, 6, 6",
        "4, 7, 5",
        "2, 5, 5",
        "1, 7, 3",
        "1, 2, 2",
        "0, 7, 1",
        "5, 99, 7"
    })
    void where_logs_may_agree_is_found_by_terms(long term, long from, long index) {
        assertThat(outline().lastWithTermAtMost(term, from)).isEqualTo(index);
    }

    /** Raft.md scenario 45: of two changes in a log the first is committed. */
    @Test
    void changes_of_members_are_known_and_go_with_their_entries() {
        LogOutline log = outline();
        assertThat(log.lastChangeButOne()).isZero();
        log.append(new Entry(8, 5, Kind.CONF_CHANGE, new byte[0]));
        assertThat(log.lastChangeButOne()).isZero();
        log.append(new Entry(9, 5, Kind.CONF_CHANGE_V2, new byte[0]));
        assertThat(log.lastChangeButOne()).isEqualTo(8);
        assertThat(log.changesMembers(1, 7)).isFalse();
        assertThat(log.changesMembers(1, 8)).isTrue();
        log.cutFrom(9);
        assertThat(log.changesMembers(9, 9)).isFalse();
        log.compactTo(8);
        assertThat(log.changesMembers(1, 9)).isFalse();
    }
}
