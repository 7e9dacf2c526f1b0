package flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.log.Entry;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import flotilla.raft.message.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A follower with entries 2/2..5/2, of which its leader of term 3 has the first two. */
class OlderTailTest {
    private final Raft raft = follower();

    private static Raft follower() {
        ConfState members = ConfState.of(1, 2, 3);
        LogOutline log = new LogOutline(SnapshotMark.beginning(members));
        for (int index = 2; index <= 5; index++) {
            log.append(new Entry(index, 2, Kind.NORMAL, new byte[0]));
        }
        return new Raft(
                RaftConfig.of(3, 3),
                new Restored(new HardState(3, 0, 1), log, 1, members),
                (from, to) -> 0);
    }

    private Ready receive(Message message) {
        return raft.step(new Input.Received(message));
    }

    /** Raft.md scenario 17: the tail behind an empty append is another leader's. */
    @Test
    void an_append_commits_and_accepts_no_more_than_it_names() {
        Ready ready = receive(new Message.Append(1, 3, 3, new Span(3, 2, 3, 2), 5, List.of()));

        assertThat(raft.status().commit()).isEqualTo(3);
        assertThat(ready.afterWrite()).containsExactly(new Message.Accepted(3, 1, 3, 3, 3));
        assertThat(ready.committed()).isEqualTo(new Ready.Range(2, 3));
    }

    /** Raft.md scenario 19. */
    @Test
    void an_append_below_the_commit_index_changes_nothing() {
        receive(new Message.Append(1, 3, 3, new Span(3, 2, 3, 2), 3, List.of()));

        Ready ready =
                receive(
                        new Message.Append(1, 3, 3, new Span(0, 0, 1, 1), 3, List.of())
                                .with(List.of(new Entry(1, 1, Kind.NORMAL, new byte[0]))));

        assertThat(ready.entries()).isEmpty();
        assertThat(ready.afterWrite()).containsExactly(new Message.Accepted(3, 1, 3, 3, 3));
    }

    /** Raft.md scenario 63: a log that lost entries its leader counted. */
    @Test
    void a_commit_index_beyond_the_log_stops_the_member() {
        assertThatThrownBy(() -> receive(new Message.Heartbeat(1, 3, 3, 6, 0)))
                .isInstanceOf(BrokenInvariant.class)
                .hasMessageContaining("the log ends at 5");
    }

    @Test
    void an_append_without_its_entries_stops_the_member() {
        assertThatThrownBy(() ->
                        receive(new Message.Append(1, 3, 3, new Span(3, 2, 4, 3), 3, List.of())))
                .isInstanceOf(BrokenInvariant.class);
    }

    @Test
    void entries_that_are_not_those_of_the_span_are_refused_when_the_message_is_made() {
        Message.Append append = new Message.Append(1, 3, 3, new Span(3, 2, 4, 3), 3, List.of());

        assertThatThrownBy(() -> append.with(List.of(new Entry(4, 2, Kind.NORMAL, new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> append.with(List.of(new Entry(5, 3, Kind.NORMAL, new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Raft.md scenario 54. */
    @Test
    void a_snapshot_that_the_log_holds_already_moves_the_commit_index_only() {
        ConfState members = ConfState.of(1, 2, 3);

        Ready known =
                receive(new Message.InstallSnapshot(1, 3, 3, new SnapshotMark(4, 2, members)));
        Ready old = receive(new Message.InstallSnapshot(1, 3, 3, new SnapshotMark(2, 2, members)));

        assertThat(known.install()).isNull();
        assertThat(old.install()).isNull();
        assertThat(raft.status().commit()).isEqualTo(4);
        assertThat(raft.status().last()).isEqualTo(5);
    }
}
