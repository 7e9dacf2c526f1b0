package flotilla.store;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.compact;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static flotilla.store.Commands.refused;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmRequest.AlarmAction;
import flotilla.protocol.AlarmResponse;
import flotilla.protocol.AlarmType;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.Member;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.disk.RocksStorage;
import flotilla.store.log.Membership;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What alarms do to writes, compared with what etcd 3.4.23 answered to the same. */
class AlarmsTest {
    private static final RequestOp A_PUT =
            RequestOp.newBuilder().setRequestPut(putRequest("a", "2")).build();
    private static final RequestOp A_DELETE =
            RequestOp.newBuilder()
                    .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("a")))
                    .build();

    @TempDir Path directory;
    private EtcdStateMachine machine;

    @BeforeEach
    void open() throws IOException {
        machine = new EtcdStateMachine(RocksStorage.open(directory.resolve("a")));
        machine.begin(
                new SnapshotMark(1, 1, ConfState.of(7)),
                List.of(new Membership.Peer(7, "m", List.of("http://127.0.0.1:2380"))));
        apply(machine, put("a", "1"), grant(5, 60));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private static Command alarm(AlarmAction action, int kind, long member) {
        return Command.newBuilder()
                .setAlarm(
                        AlarmRequest.newBuilder()
                                .setAction(action)
                                .setAlarmValue(kind)
                                .setMemberID(member))
                .build();
    }

    private static Command raise(AlarmType kind, long member) {
        return alarm(AlarmAction.ACTIVATE, kind.getNumber(), member);
    }

    private static Command disarm(AlarmType kind, long member) {
        return alarm(AlarmAction.DEACTIVATE, kind.getNumber(), member);
    }

    private static AlarmMember entry(AlarmType kind, long member) {
        return AlarmMember.newBuilder().setAlarm(kind).setMemberID(member).build();
    }

    private List<AlarmMember> answer(Command command) {
        return ((AlarmResponse) done(machine, command)).getAlarmsList();
    }

    private static Command txn(List<RequestOp> then, List<RequestOp> otherwise) {
        return Command.newBuilder()
                .setTxn(TxnRequest.newBuilder().addAllSuccess(then).addAllFailure(otherwise))
                .build();
    }

    private static RequestOp nested(RequestOp inner) {
        return RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder().addSuccess(inner))
                .build();
    }

    @Test
    void corrupt_refuses_every_write_but_what_the_cluster_needs_itself() {
        done(machine, raise(AlarmType.CORRUPT, 9));
        long revision = machine.revision();

        for (Command write :
                List.of(
                        put("a", "2"),
                        put("a", "2", 99),
                        delete("a", ""),
                        txn(List.of(A_DELETE), List.of()),
                        txn(List.of(A_PUT), List.of()),
                        compact(2),
                        grant(6, 60),
                        revoke(5))) {
            assertThat(refused(machine, write)).as("%s", write).isEqualTo(EtcdError.CORRUPT);
        }
        assertThat(machine.revision()).isEqualTo(revision);
        assertThat(machine.lease(5)).isPresent();
        assertThat(read(machine, range("a", "", 0)).getKvsCount()).isEqualTo(1);
        done(
                machine,
                Command.newBuilder()
                        .setMemberAttributes(Member.newBuilder().setID(7).setName("new"))
                        .build());
    }

    @Test
    void nospace_refuses_what_takes_space_and_lets_go_on_what_gives_it_back() {
        done(machine, raise(AlarmType.NOSPACE, 9));

        for (Command write :
                List.of(
                        put("a", "2"),
                        put("a", "2", 99),
                        grant(6, 60),
                        txn(List.of(A_PUT), List.of()),
                        txn(List.of(), List.of(A_PUT)),
                        txn(List.of(A_DELETE), List.of(nested(A_PUT))))) {
            assertThat(refused(machine, write)).as("%s", write).isEqualTo(EtcdError.NO_SPACE);
        }
        done(machine, txn(List.of(A_DELETE), List.of(nested(A_DELETE))));
        done(machine, delete("a", ""));
        done(machine, compact(3));
        done(machine, revoke(5));
    }

    @Test
    void corrupt_outranks_nospace_and_each_is_disarmed_alone() {
        apply(machine, raise(AlarmType.CORRUPT, 6), raise(AlarmType.NOSPACE, 9));
        assertThat(refused(machine, put("a", "2"))).isEqualTo(EtcdError.CORRUPT);

        done(machine, disarm(AlarmType.CORRUPT, 6));
        assertThat(refused(machine, put("a", "2"))).isEqualTo(EtcdError.NO_SPACE);

        done(machine, disarm(AlarmType.NOSPACE, 9));
        done(machine, put("a", "2"));
    }

    @Test
    void an_alarm_holds_within_the_entry_that_raises_it() {
        assertThat(apply(machine, raise(AlarmType.NOSPACE, 9), put("a", "2")).getLast())
                .isEqualTo(new Applied.Refused(EtcdError.NO_SPACE));
    }

    @Test
    void answers_name_what_was_raised_or_disarmed_and_nothing_where_nothing_was() {
        assertThat(answer(raise(AlarmType.CORRUPT, 5)))
                .containsExactly(entry(AlarmType.CORRUPT, 5));
        assertThat(answer(raise(AlarmType.CORRUPT, 5)))
                .containsExactly(entry(AlarmType.CORRUPT, 5));
        assertThat(answer(raise(AlarmType.CORRUPT, 6)))
                .containsExactly(entry(AlarmType.CORRUPT, 6));
        assertThat(answer(alarm(AlarmAction.GET, 0, 6)))
                .containsExactly(entry(AlarmType.CORRUPT, 5), entry(AlarmType.CORRUPT, 6));
        assertThat(answer(alarm(AlarmAction.GET, AlarmType.NOSPACE_VALUE, 0))).isEmpty();
        assertThat(answer(disarm(AlarmType.NOSPACE, 5))).isEmpty();
        assertThat(answer(disarm(AlarmType.CORRUPT, 5)))
                .containsExactly(entry(AlarmType.CORRUPT, 5));
        assertThat(answer(disarm(AlarmType.CORRUPT, 5))).isEmpty();
        assertThat(machine.alarms().all()).containsExactly(entry(AlarmType.CORRUPT, 6));
    }

    /** Etcd 3.4 ends on the last of these, and again at each start. */
    @Test
    void kinds_and_actions_that_nobody_knows_refuse_nothing_and_end_nobody() {
        done(machine, alarm(AlarmAction.ACTIVATE, 0, 5));
        done(machine, alarm(AlarmAction.ACTIVATE, 77, -1));
        done(machine, put("a", "2"));
        assertThat(machine.alarms().all())
                .extracting(AlarmMember::getMemberID, AlarmMember::getAlarmValue)
                .containsExactly(tuple(5L, 0), tuple(-1L, 77));

        Command strange =
                Command.newBuilder().setAlarm(AlarmRequest.newBuilder().setActionValue(9)).build();
        assertThat(answer(strange)).hasSize(2);
    }

    @Test
    void they_survive_a_restart_and_a_checkpoint() throws IOException {
        done(machine, raise(AlarmType.CORRUPT, 9));
        machine.checkpoint(directory.resolve("checkpoint"));
        machine.close();
        machine = new EtcdStateMachine(RocksStorage.open(directory.resolve("a")));
        assertThat(refused(machine, put("a", "2"))).isEqualTo(EtcdError.CORRUPT);

        done(machine, disarm(AlarmType.CORRUPT, 9));
        machine.restore(directory.resolve("checkpoint"));
        assertThat(refused(machine, put("a", "2"))).isEqualTo(EtcdError.CORRUPT);
    }

    @Test
    void there_are_no_more_than_fit() {
        Command[] many = new Command[1025];
        for (int i = 0; i < many.length; i++) {
            many[i] = raise(AlarmType.NOSPACE, i + 1);
        }
        assertThat(apply(machine, many).getLast())
                .isEqualTo(new Applied.Refused(EtcdError.TOO_MANY_REQUESTS));
        assertThat(answer(raise(AlarmType.NOSPACE, 1))).hasSize(1);
        assertThat(machine.alarms().all()).hasSize(1024);
    }
}
