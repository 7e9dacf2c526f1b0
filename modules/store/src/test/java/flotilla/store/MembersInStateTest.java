package flotilla.store;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.put;
import static flotilla.store.apply.member.Members.nameless;
import static flotilla.store.apply.member.Members.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.Member;
import flotilla.protocol.MemberAddResponse;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.Members;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.disk.RocksStorage;
import flotilla.store.log.Membership.Peer;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembersInStateTest {
    private static final List<Peer> FOUNDERS =
            List.of(new Peer(1, "a", List.of(url(1))), new Peer(2, "b", List.of(url(2))));
    private static final SnapshotMark BEGINNING = SnapshotMark.beginning(ConfState.of(1, 2));

    @TempDir Path directory;
    private EtcdStateMachine machine;

    @BeforeEach
    void open() throws IOException {
        machine = new EtcdStateMachine(RocksStorage.open(directory.resolve("a")));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private ChangeApplied change(Wish wish) {
        MemberChange change = MemberChange.of(wish, Members.SOMEBODY);
        long index = machine.appliedIndex() + 1;
        return machine.applyChange(index, 1, new Entry(index, 1, change.kind(), change.bytes()));
    }

    @Test
    void a_new_group_begins_with_its_members_and_an_empty_store() {
        machine.begin(BEGINNING, FOUNDERS);

        assertThat(machine.appliedIndex()).isEqualTo(1);
        assertThat(machine.appliedTerm()).isEqualTo(1);
        assertThat(machine.revision()).isEqualTo(1);
        assertThat(machine.confState()).isEqualTo(ConfState.of(1, 2));
        assertThat(machine.members()).isEqualTo(FOUNDERS);
        assertThat(machine.knows(1)).as("took part").isFalse();
        assertThatThrownBy(() -> machine.begin(BEGINNING, FOUNDERS))
                .hasMessageContaining("not that of a new group");
    }

    @Test
    void a_change_is_answered_as_etcd_answers_and_outlives_a_restart() throws IOException {
        machine.begin(BEGINNING, FOUNDERS);
        ChangeApplied added = change(new Wish.AddLearner(nameless(3)));
        change(new Wish.Remove(2));
        machine.flush();
        machine.close();
        open();

        assertThat(added.origin()).isEqualTo(77);
        assertThat(added.number()).isEqualTo(5);
        assertThat(added.answer())
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> {
                            MemberAddResponse response = (MemberAddResponse) done.response();
                            assertThat(response.getMember().getIsLearner()).isTrue();
                            assertThat(response.getMembersCount()).isEqualTo(3);
                        });
        assertThat(machine.appliedIndex()).isEqualTo(3);
        assertThat(machine.confState())
                .isEqualTo(new ConfState(List.of(1L), List.of(3L), List.of(), List.of(), false));
        assertThat(machine.members())
                .containsExactly(FOUNDERS.getFirst(), new Peer(3, "", List.of(url(3)), true));
        assertThat(machine.removed(2)).isTrue();
        assertThat(machine.removed(1)).isFalse();
    }

    @Test
    void a_refused_change_is_applied_as_one_that_changes_nothing() {
        machine.begin(BEGINNING, FOUNDERS);
        ChangeApplied refused = change(new Wish.Promote(2));

        assertThat(refused.change()).isEqualTo(ConfChange.REFUSED);
        assertThat(refused.answer()).isEqualTo(new Applied.Refused(EtcdError.MEMBER_NOT_LEARNER));
        assertThat(machine.appliedIndex()).isEqualTo(2);
        assertThat(machine.members()).isEqualTo(FOUNDERS);
    }

    @Test
    void a_change_that_was_applied_before_is_not_applied_again() {
        machine.begin(BEGINNING, FOUNDERS);
        change(new Wish.Remove(2));
        MemberChange again = MemberChange.of(new Wish.Remove(1), Members.SOMEBODY);
        ChangeApplied told =
                machine.applyChange(2, 1, new Entry(2, 1, again.kind(), again.bytes()));

        assertThat(told.change()).isEqualTo(ConfChange.REFUSED);
        assertThat(machine.confState()).isEqualTo(ConfState.of(1));
    }

    @Test
    void an_entry_that_only_a_newer_version_can_read_stops_the_member_and_names_it() {
        machine.begin(BEGINNING, FOUNDERS);
        Entry entry = new Entry(2, 1, Entry.Kind.CONF_CHANGE, new byte[] {0x10, 4});

        assertThatThrownBy(() -> machine.applyChange(2, 1, entry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("log entry 2 can't be applied")
                .hasMessageContaining("bring this member to that version");
        assertThat(machine.appliedIndex()).isEqualTo(1);
    }

    @Test
    void a_member_that_tells_its_name_keeps_what_it_is() {
        machine.begin(BEGINNING, FOUNDERS);
        change(new Wish.AddLearner(nameless(3)));
        Member told = Member.newBuilder().setID(3).setName("c").addClientURLs("http://c").build();
        done(machine, Command.newBuilder().setMemberAttributes(told).build());

        assertThat(machine.members()).contains(new Peer(3, "c", List.of(url(3)), true));
        assertThat(machine.knows(3)).isTrue();
    }

    @Test
    void a_checkpoint_names_the_members_it_holds_and_a_state_restored_from_it_has_them()
            throws IOException {
        machine.begin(BEGINNING, FOUNDERS);
        apply(machine, put("a", "1"));
        change(new Wish.AddLearner(nameless(3)));
        SnapshotMark mark = machine.checkpoint(directory.resolve("checkpoint"));
        change(new Wish.Remove(2));
        assertThat(mark)
                .isEqualTo(
                        new SnapshotMark(
                                3,
                                1,
                                new ConfState(
                                        List.of(1L, 2L),
                                        List.of(3L),
                                        List.of(),
                                        List.of(),
                                        false)));

        machine.restore(directory.resolve("checkpoint"));
        assertThat(machine.appliedIndex()).isEqualTo(3);
        assertThat(machine.confState()).isEqualTo(mark.members());
        assertThat(machine.removed(2)).isFalse();
    }
}
