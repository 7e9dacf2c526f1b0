package flotilla.store;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.refused;
import static flotilla.store.apply.member.Members.named;
import static flotilla.store.apply.member.Members.nameless;
import static flotilla.store.apply.member.Members.url;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.Batches;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.Members;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
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

/** The feature level as part of the replicated state. */
class LevelInStateTest {
    @TempDir Path directory;
    private EtcdStateMachine machine;

    @BeforeEach
    void begin() throws IOException {
        open("a");
        machine.begin(
                SnapshotMark.beginning(ConfState.of(1, 2)),
                List.of(new Peer(1, "a", List.of(url(1))), new Peer(2, "b", List.of(url(2)))));
    }

    private void open(String name) throws IOException {
        machine = new EtcdStateMachine(RocksStorage.open(directory.resolve(name)));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private void tell(long member, int reads) {
        done(
                machine,
                Command.newBuilder().setMemberAttributes(named(member)).setReads(reads).build());
    }

    private static Command raise(int level) {
        return Command.newBuilder().setFeatureLevel(level).build();
    }

    private void change(Wish wish) {
        MemberChange change = MemberChange.of(wish, Members.SOMEBODY);
        long index = machine.appliedIndex() + 1;
        machine.applyChange(index, 1, new Entry(index, 1, change.kind(), change.bytes()));
    }

    @Test
    void it_is_undecided_until_every_founder_has_told_and_goes_no_further_than_all_read() {
        assertThat(refused(machine, raise(0))).isEqualTo(EtcdError.NOT_CAPABLE);
        tell(1, 2);
        assertThat(refused(machine, raise(2))).isEqualTo(EtcdError.NOT_CAPABLE);
        assertThat(machine.level()).isEqualTo(FeatureLevel.UNDECIDED);

        tell(2, 1);

        assertThat(refused(machine, raise(2))).isEqualTo(EtcdError.NOT_CAPABLE);
        done(machine, raise(1));
        assertThat(machine.level()).isEqualTo(1);
    }

    @Test
    void it_never_falls_whatever_is_asked_and_whoever_comes() {
        tell(1, 2);
        tell(2, 2);
        done(machine, raise(2));

        done(machine, raise(1));
        tell(2, 0);

        assertThat(machine.level()).isEqualTo(2);
    }

    @Test
    void a_learner_holds_it_until_it_has_told_or_is_gone() {
        tell(1, 1);
        tell(2, 1);
        change(new Wish.AddLearner(nameless(3)));
        assertThat(refused(machine, raise(1))).isEqualTo(EtcdError.NOT_CAPABLE);
        tell(3, 0);
        assertThat(refused(machine, raise(1))).isEqualTo(EtcdError.NOT_CAPABLE);

        change(new Wish.Remove(3));

        done(machine, raise(1));
        assertThat(machine.level()).isEqualTo(1);
    }

    @Test
    void it_goes_with_the_state_over_a_restart_and_in_a_checkpoint() throws IOException {
        tell(1, 3);
        tell(2, 4);
        done(machine, raise(2));
        Path checkpoint = directory.resolve("checkpoint");
        machine.checkpoint(checkpoint);
        machine.flush();
        machine.close();

        open("a");
        assertThat(machine.level()).isEqualTo(2);
        machine.close();
        open("other");
        machine.restore(checkpoint);

        assertThat(machine.level()).isEqualTo(2);
        assertThat(refused(machine, raise(4))).isEqualTo(EtcdError.NOT_CAPABLE);
        done(machine, raise(3));
    }

    @Test
    void an_entry_above_the_level_is_refused_unread_by_all_alike() throws UnreadableEntry {
        UnknownFieldSet later =
                UnknownFieldSet.newBuilder()
                        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        byte[] entry =
                batch(Command.newBuilder().setUnknownFields(later).build(), put("a", "1"))
                        .toBuilder()
                        .setLevel(7)
                        .build()
                        .toByteArray();
        long index = machine.appliedIndex() + 1;

        CommandBatch read = Batches.ofEntry(entry, machine.level());
        List<Applied> results = machine.apply(index, 1, read);

        assertThat(results).hasSize(2).containsOnly(new Applied.Refused(EtcdError.NOT_CAPABLE));
        assertThat(machine.appliedIndex()).isEqualTo(index);
        assertThat(machine.revision()).isEqualTo(1);
    }
}
