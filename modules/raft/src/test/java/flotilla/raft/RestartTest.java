package flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.Entry;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import org.junit.jupiter.api.Test;

/** What a member takes from its disk, and when it refuses to start. */
class RestartTest {
    private static final ConfState MEMBERS = ConfState.of(1, 2, 3);

    private static Raft start(HardState state, long applied, Kind... kinds) {
        LogOutline log = new LogOutline(SnapshotMark.beginning(MEMBERS));
        for (Kind kind : kinds) {
            log.append(new Entry(log.lastIndex() + 1, 2, kind, new byte[0]));
        }
        return new Raft(
                RaftConfig.of(1, 1), new Restored(state, log, applied, MEMBERS), (from, to) -> 0);
    }

    /** Raft.md scenario 64: the stored commit index is a hint. */
    @Test
    void what_was_applied_is_committed() {
        Raft raft = start(new HardState(2, 0, 1), 3, Kind.NORMAL, Kind.NORMAL, Kind.NORMAL);

        assertThat(raft.status().commit()).isEqualTo(3);
    }

    /** Raft.md scenarios 45 and 64: a change with another behind it was applied by their leader. */
    @Test
    void a_change_of_members_that_has_another_behind_it_is_committed() {
        Raft raft =
                start(new HardState(2, 0, 1), 1, Kind.CONF_CHANGE, Kind.NORMAL, Kind.CONF_CHANGE);

        assertThat(raft.status().commit()).isEqualTo(2);
    }

    @Test
    void a_log_shorter_than_what_was_applied_is_refused() {
        assertThatThrownBy(() -> start(new HardState(2, 0, 1), 4, Kind.NORMAL))
                .isInstanceOf(LogTooShort.class)
                .hasMessageContaining("the log ends at 2")
                .hasMessageContaining("applied 4");
    }

    @Test
    void a_log_shorter_than_what_was_committed_is_refused() {
        assertThatThrownBy(() -> start(new HardState(2, 0, 5), 1, Kind.NORMAL))
                .isInstanceOf(LogTooShort.class)
                .hasMessageContaining("committed 5");
    }

    /** Raft.md scenario 66, thesis 3.8. */
    @Test
    void a_member_restarts_as_a_follower_of_nobody_in_its_term() {
        Raft raft = start(new HardState(7, 1, 1), 1, Kind.NORMAL);

        assertThat(raft.status().standing()).isEqualTo(new Standing(Standing.Kind.FOLLOWER, 7, 0));
    }

    @Test
    void entries_of_a_later_term_prove_that_term() {
        Raft raft = start(new HardState(1, 3, 1), 1, Kind.NORMAL);

        assertThat(raft.status().standing().term()).isEqualTo(2);
    }
}
