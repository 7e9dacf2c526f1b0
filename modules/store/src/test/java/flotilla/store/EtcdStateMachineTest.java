package flotilla.store;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.compact;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.leaseKeys;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static flotilla.store.Commands.refused;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.KeyValue;
import flotilla.protocol.Member;
import flotilla.protocol.PutResponse;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.disk.RocksStorage;
import flotilla.store.log.Membership;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdStateMachineTest {
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

    @Test
    void an_empty_store_is_at_revision_one_and_the_first_write_makes_two() {
        assertThat(machine.revision()).isEqualTo(1);
        PutResponse response = (PutResponse) done(machine, put("a", "1"));
        assertThat(response.getHeader().getRevision()).isEqualTo(2);
    }

    /** The hash that etcd 3.4.23 gives for the same history. */
    @Test
    void hash_kv_is_that_of_etcd() {
        done(machine, put("a", "1"));
        var answer = machine.hashKv(0);
        assertThat(Integer.toUnsignedLong(answer.getHash())).isEqualTo(2_587_454_935L);
        assertThat(answer.getCompactRevision()).isEqualTo(-1);
    }

    @Test
    void commands_of_one_entry_see_those_before_them_and_have_a_revision_each() {
        List<Applied> results =
                apply(machine, put("a", "1"), put("a", "2"), delete("a", ""), put("b", "3"));
        assertThat(results).hasSize(4).allMatch(Applied.Done.class::isInstance);
        assertThat(machine.revision()).isEqualTo(5);
        assertThat(values("a", "", 2)).containsExactly("1");
        assertThat(values("a", "", 3)).containsExactly("2");
        assertThat(values("a", "", 4)).isEmpty();
        assertThat(values("a", "\0", 5)).containsExactly("3");
    }

    @Test
    void what_a_leader_decided_by_its_clock_is_void_in_a_later_term() {
        done(machine, grant(5, 60));
        Command revocation = revoke(5).toBuilder().setOnlyInTerm(3).build();

        assertThat(machine.apply(100, 4, batch(revocation)))
                .containsExactly(new Applied.Refused(EtcdError.NOT_LEADER));
        assertThat(machine.lease(5)).isPresent();
        machine.apply(101, 3, batch(revocation));
        assertThat(machine.lease(5)).isEmpty();
    }

    @Test
    void an_entry_applied_before_is_not_applied_again() {
        machine.apply(7, 1, batch(put("a", "1")));
        assertThat(machine.apply(7, 1, batch(put("a", "2")))).isEmpty();
        assertThat(values("a", "", 0)).containsExactly("1");
        assertThat(machine.revision()).isEqualTo(2);
    }

    @Test
    void a_refused_command_changes_nothing_and_stops_nobody() {
        List<Applied> results = apply(machine, put("a", "1", 99), put("b", "2"));
        assertThat(results.getFirst()).isEqualTo(new Applied.Refused(EtcdError.LEASE_NOT_FOUND));
        assertThat(machine.revision()).isEqualTo(2);
        assertThat(values("a", "\0", 0)).containsExactly("2");
    }

    @Test
    void deleting_nothing_makes_no_revision() {
        done(machine, delete("a", "z"));
        assertThat(machine.revision()).isEqualTo(1);
    }

    @Test
    void reads_below_the_compact_revision_are_refused_and_at_it_are_not() throws Exception {
        apply(machine, put("a", "1"), put("a", "2"), put("b", "1"), put("a", "3"));
        done(machine, compact(4));
        machine.compacted(4).get(10, TimeUnit.SECONDS);
        assertThat(values("a", "z", 4)).containsExactly("2", "1");
        assertThat(values("a", "z", 0)).containsExactly("3", "1");
        assertThatThrownBy(() -> read(machine, range("a", "", 3)))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        e -> assertThat(e.error()).isEqualTo(EtcdError.COMPACTED));
        assertThat(refused(machine, compact(4))).isEqualTo(EtcdError.COMPACTED);
        assertThat(refused(machine, compact(6))).isEqualTo(EtcdError.FUTURE_REVISION);
    }

    @Test
    void revoking_a_lease_deletes_its_keys_sorted_in_one_revision() {
        apply(machine, grant(7, 60), put("c", "1", 7), put("a", "1", 7), put("b", "1", 7));
        apply(machine, put("b", "2")); // without a lease: detached
        assertThat(leaseKeys(machine, 7)).containsExactly(bytes("a"), bytes("c"));
        long before = machine.revision();
        done(machine, revoke(7));
        assertThat(machine.revision()).isEqualTo(before + 1);
        assertThat(values("a", "z", 0)).containsExactly("2");
        assertThat(machine.leases(LimitedRoom.unlimited())).isEmpty();
        assertThat(refused(machine, revoke(7))).isEqualTo(EtcdError.LEASE_NOT_FOUND);
    }

    @Test
    void a_lease_id_can_be_granted_once() {
        done(machine, grant(7, 60));
        assertThat(refused(machine, grant(7, 60))).isEqualTo(EtcdError.LEASE_EXISTS);
        assertThat(refused(machine, grant(8, 9_000_000_001L)))
                .isEqualTo(EtcdError.LEASE_TTL_TOO_LARGE);
    }

    @Test
    void members_are_remembered_as_they_described_themselves_last() {
        machine.begin(
                SnapshotMark.beginning(ConfState.of(-5)),
                List.of(new Membership.Peer(-5, "one", List.of("http://127.0.0.1:2380"))));
        Member.Builder member = Member.newBuilder().setID(-5L).setName("two");
        done(machine, Command.newBuilder().setMemberAttributes(member).build());
        member.addClientURLs("http://127.0.0.1:2379");
        done(machine, Command.newBuilder().setMemberAttributes(member).build());
        assertThat(machine.memberBook().members())
                .containsExactly(member.addPeerURLs("http://127.0.0.1:2380").build());
    }

    @Test
    void a_checkpoint_restored_elsewhere_is_the_same_state() throws IOException {
        apply(machine, put("a", "1"), grant(5, 60), put("b", "2", 5));
        machine.checkpoint(directory.resolve("snapshot"));
        apply(machine, put("later", "x"));
        try (EtcdStateMachine other =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("b")))) {
            apply(other, put("stale", "y"));
            other.restore(directory.resolve("snapshot"));
            assertThat(other.appliedIndex()).isEqualTo(1);
            assertThat(other.revision()).isEqualTo(3);
            assertThat(other.hashKv(0).getHash()).isEqualTo(machine.hashKv(3).getHash());
            assertThat(leaseKeys(other, 5)).containsExactly(bytes("b"));
            apply(other, put("c", "3"));
            assertThat(other.revision()).isEqualTo(4);
        }
        // and the restored one survives a restart
        try (EtcdStateMachine again =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("b")))) {
            assertThat(again.revision()).isEqualTo(4);
        }
    }

    @Test
    void a_store_that_was_closed_answers_so_and_does_not_crash() throws IOException {
        EtcdStateMachine other =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("closed")));
        other.close();
        assertThatThrownBy(() -> read(other, range("a", "", 0)))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        e -> assertThat(e.error()).isEqualTo(EtcdError.STOPPED));
    }

    private List<String> values(String key, String end, long revision) {
        return read(machine, range(key, end, revision)).getKvsList().stream()
                .map(KeyValue::getValue)
                .map(value -> value.toStringUtf8())
                .toList();
    }
}
