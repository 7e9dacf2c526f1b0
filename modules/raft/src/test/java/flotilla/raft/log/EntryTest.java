package flotilla.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfState;
import org.junit.jupiter.api.Test;

class EntryTest {
    @Test
    void entries_are_equal_when_their_bytes_are() {
        Entry one = new Entry(3, 2, Kind.NORMAL, new byte[] {1, 2});
        Entry same = new Entry(3, 2, Kind.NORMAL, new byte[] {1, 2});
        Entry other = new Entry(3, 2, Kind.NORMAL, new byte[] {1, 3});

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one).isNotEqualTo(new Entry(3, 1, Kind.NORMAL, new byte[] {1, 2}));
        assertThat(one).isNotEqualTo(new Entry(3, 2, Kind.CONF_CHANGE, new byte[] {1, 2}));
    }

    @Test
    void an_entry_shares_the_array_it_was_given() {
        byte[] data = {7};

        assertThat(new Entry(1, 1, Kind.NORMAL, data).data()).isSameAs(data);
    }

    @Test
    void a_text_shows_the_start_of_the_data_only() {
        Entry large = new Entry(1, 1, Kind.NORMAL, new byte[1 << 20]);

        assertThat(large.toString()).hasSizeLessThan(100).contains("1048576 bytes", "..");
    }

    @Test
    void kinds_have_the_numbers_of_raftpb_and_an_unknown_one_is_refused() {
        for (Kind kind : Kind.values()) {
            assertThat(Kind.of(kind.number())).isEqualTo(kind);
        }
        assertThat(Kind.CONF_CHANGE_V2.number()).isEqualTo(2);
        // raft.md scenario 67: an unknown entry stops the member, it is never skipped.
        assertThatThrownBy(() -> Kind.of(3)).hasMessageContaining("update this member");
    }

    @Test
    void a_new_commit_index_alone_needs_no_sync() {
        HardState before = new HardState(4, 2, 10);

        assertThat(new HardState(4, 2, 11).needsSyncAfter(before)).isFalse();
        assertThat(new HardState(5, 2, 10).needsSyncAfter(before)).isTrue();
        assertThat(new HardState(4, 3, 10).needsSyncAfter(before)).isTrue();
    }

    @Test
    void a_snapshot_ends_at_an_entry_or_before_the_first() {
        ConfState members = ConfState.of(1, 2, 3);

        assertThat(SnapshotMark.NONE.index()).isZero();
        assertThat(SnapshotMark.beginning(members).index()).isEqualTo(1);
        assertThatThrownBy(() -> new SnapshotMark(5, 0, members))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
