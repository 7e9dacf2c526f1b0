package flotilla.store;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.leaseKeys;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static flotilla.store.Commands.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.Compare;
import flotilla.protocol.Compare.CompareResult;
import flotilla.protocol.Compare.CompareTarget;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.KeyValue;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.view.EtcdStateMachine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What etcd's transactions and ranges promise, quirks included. */
class TxnTest {
    private final EtcdStateMachine machine = new EtcdStateMachine(new MemoryStorage());

    @AfterEach
    void close() {
        machine.close();
    }

    /** With a = "1" made at revision 2 and again at 3 as "2", and nothing at z. */
    static Stream<Arguments> compares() {
        return Stream.of(
                arguments(
                        compare("a", CompareTarget.VERSION, CompareResult.EQUAL).setVersion(2),
                        true),
                arguments(
                        compare("a", CompareTarget.VERSION, CompareResult.LESS).setVersion(2),
                        false),
                arguments(
                        compare("a", CompareTarget.CREATE, CompareResult.EQUAL)
                                .setCreateRevision(2),
                        true),
                arguments(
                        compare("a", CompareTarget.MOD, CompareResult.GREATER).setModRevision(2),
                        true),
                arguments(
                        compare("a", CompareTarget.MOD, CompareResult.NOT_EQUAL).setModRevision(3),
                        false),
                arguments(
                        compare("a", CompareTarget.VALUE, CompareResult.EQUAL).setValue(bytes("2")),
                        true),
                arguments(
                        compare("a", CompareTarget.VALUE, CompareResult.LESS)
                                .setValue(bytes("\u00ff")),
                        true),
                arguments(compare("a", CompareTarget.LEASE, CompareResult.EQUAL).setLease(0), true),
                arguments(
                        compare("z", CompareTarget.VERSION, CompareResult.EQUAL).setVersion(0),
                        true),
                arguments(
                        compare("z", CompareTarget.CREATE, CompareResult.LESS).setCreateRevision(1),
                        true),
                arguments(
                        compare("z", CompareTarget.VALUE, CompareResult.NOT_EQUAL)
                                .setValue(bytes("x")),
                        false),
                arguments(
                        compare("a", CompareTarget.VERSION, CompareResult.GREATER)
                                .setVersion(1)
                                .setRangeEnd(bytes("c")),
                        false)); // b has version 1
    }

    @ParameterizedTest
    @MethodSource("compares")
    void compares_hold_as_in_etcd(Compare.Builder compare, boolean holds) {
        apply(machine, put("a", "1"), put("a", "2"), put("b", "1"));
        TxnRequest request = TxnRequest.newBuilder().addCompare(compare).build();
        assertThat(read(machine, request).getSucceeded()).isEqualTo(holds);
    }

    @Test
    void operations_see_those_before_them_and_share_one_revision() {
        done(machine, put("a", "1"));
        TxnResponse response =
                txn(
                        TxnRequest.newBuilder()
                                .addSuccess(op(putRequest("a", "2").setPrevKv(true)))
                                .addSuccess(op(range("a", "", 0).toBuilder()))
                                .addSuccess(op(putRequest("b", "3")))
                                .addSuccess(op(range("a", "\0", 0).toBuilder())));
        assertThat(machine.revision()).isEqualTo(3);
        assertThat(response.getHeader().getRevision()).isEqualTo(3);
        assertThat(response.getResponses(0).getResponsePut().getPrevKv().getValue())
                .isEqualTo(bytes("1"));
        assertThat(response.getResponses(1).getResponseRange().getKvs(0).getValue())
                .isEqualTo(bytes("2"));
        assertThat(response.getResponses(3).getResponseRange().getKvsList())
                .allMatch(kv -> kv.getModRevision() == 3)
                .hasSize(2);
    }

    @Test
    void nested_compares_are_decided_on_the_state_before_the_transaction() {
        TxnRequest.Builder inner =
                TxnRequest.newBuilder()
                        .addCompare(
                                compare("a", CompareTarget.VERSION, CompareResult.EQUAL)
                                        .setVersion(0))
                        .addSuccess(op(putRequest("absent", "then")))
                        .addFailure(op(putRequest("present", "else")));
        TxnResponse response =
                txn(
                        TxnRequest.newBuilder()
                                .addSuccess(op(putRequest("a", "1")))
                                .addSuccess(RequestOp.newBuilder().setRequestTxn(inner)));
        assertThat(response.getResponses(1).getResponseTxn().getSucceeded()).isTrue();
        assertThat(read(machine, range("absent", "", 0)).getCount()).isEqualTo(1);
    }

    @Test
    void a_transaction_that_would_fail_half_way_changes_nothing() {
        Command command =
                Command.newBuilder()
                        .setTxn(
                                TxnRequest.newBuilder()
                                        .addSuccess(op(putRequest("a", "1")))
                                        .addSuccess(op(putRequest("b", "1").setLease(42))))
                        .build();
        assertThat(refused(machine, command)).isEqualTo(EtcdError.LEASE_NOT_FOUND);
        TxnRequest.Builder future =
                TxnRequest.newBuilder()
                        .addSuccess(op(putRequest("a", "1")))
                        .addSuccess(op(range("a", "", 2).toBuilder()));
        assertThat(refused(machine, Command.newBuilder().setTxn(future).build()))
                .isEqualTo(EtcdError.FUTURE_REVISION);
        assertThat(machine.revision()).isEqualTo(1);
    }

    @Test
    void the_branch_not_taken_is_not_checked_against_the_state() {
        TxnResponse response =
                txn(
                        TxnRequest.newBuilder()
                                .addSuccess(op(putRequest("a", "1")))
                                .addFailure(op(putRequest("b", "1").setLease(42))));
        assertThat(response.getSucceeded()).isTrue();
    }

    @Test
    void ignore_value_and_ignore_lease_keep_the_old_ones_and_need_a_key() {
        apply(machine, grant(3, 60), grant(4, 60), put("a", "1", 3));
        PutRequest keepValue = putRequest("a", "").setIgnoreValue(true).setLease(4).build();
        PutRequest keepLease = putRequest("a", "2").setIgnoreLease(true).build();
        done(machine, Command.newBuilder().setPut(keepValue).build());
        assertThat(only("a").getValue()).isEqualTo(bytes("1"));
        assertThat(leaseKeys(machine, 3)).isEmpty();
        done(machine, Command.newBuilder().setPut(keepLease).build());
        assertThat(only("a").getLease()).isEqualTo(4);
        PutRequest missing = putRequest("z", "").setIgnoreValue(true).build();
        assertThat(refused(machine, Command.newBuilder().setPut(missing).build()))
                .isEqualTo(EtcdError.KEY_NOT_FOUND);
    }

    @Test
    void a_deleted_key_starts_its_versions_again() {
        apply(machine, put("a", "1"), put("a", "2"), Commands.delete("a", ""), put("a", "3"));
        assertThat(only("a").getVersion()).isEqualTo(1);
        assertThat(only("a").getCreateRevision()).isEqualTo(5);
    }

    @Test
    void delete_returns_what_was_there_when_asked() {
        apply(machine, put("a", "1"), put("b", "2"));
        TxnResponse response =
                txn(
                        TxnRequest.newBuilder()
                                .addSuccess(
                                        RequestOp.newBuilder()
                                                .setRequestDeleteRange(
                                                        DeleteRangeRequest.newBuilder()
                                                                .setKey(bytes("a"))
                                                                .setRangeEnd(bytes("z"))
                                                                .setPrevKv(true))));
        var deleted = response.getResponses(0).getResponseDeleteRange();
        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvsList())
                .extracting(KeyValue::getValue)
                .containsExactly(bytes("1"), bytes("2"));
    }

    /** etcd sorts by a target without an order only what the limit let through. */
    @Test
    void a_sort_target_without_an_order_sorts_after_the_limit() {
        apply(machine, put("a", "3"), put("b", "2"), put("c", "1"));
        RangeRequest.Builder byValue =
                range("a", "z", 0).toBuilder()
                        .setSortTarget(RangeRequest.SortTarget.VALUE)
                        .setLimit(1);
        assertThat(keys(byValue)).containsExactly("b"); // of a and b, the first limit + 1
        assertThat(keys(byValue.setSortOrder(RangeRequest.SortOrder.ASCEND))).containsExactly("c");
        assertThat(keys(byValue.setSortOrder(RangeRequest.SortOrder.DESCEND))).containsExactly("a");
    }

    @Test
    void the_count_knows_neither_filters_nor_limit() {
        apply(machine, put("a", "1"), put("b", "2"), put("c", "3"));
        RangeRequest.Builder request =
                range("a", "z", 0).toBuilder().setMinModRevision(3).setLimit(1);
        var answer = read(machine, request.build());
        assertThat(answer.getCount()).isEqualTo(3);
        assertThat(answer.getMore()).isTrue();
        assertThat(answer.getKvs(0).getKey()).isEqualTo(bytes("b"));
        var count = read(machine, range("a", "z", 0).toBuilder().setCountOnly(true).build());
        assertThat(count.getCount()).isEqualTo(3);
        assertThat(count.getKvsList()).isEmpty();
    }

    @Test
    void a_range_that_ends_before_it_starts_is_empty_and_a_future_revision_is_refused() {
        done(machine, put("b", "1"));
        assertThat(read(machine, range("c", "a", 0)).getCount()).isZero();
        assertThatThrownBy(() -> read(machine, range("b", "", 3)))
                .hasMessage("etcdserver: mvcc: required revision is a future revision");
    }

    private KeyValue only(String key) {
        return read(machine, range(key, "", 0)).getKvs(0);
    }

    private List<String> keys(RangeRequest.Builder request) {
        return read(machine, request.build()).getKvsList().stream()
                .map(kv -> kv.getKey().toStringUtf8())
                .toList();
    }

    private TxnResponse txn(TxnRequest.Builder request) {
        return (TxnResponse) done(machine, Command.newBuilder().setTxn(request).build());
    }

    private static Compare.Builder compare(String key, CompareTarget target, CompareResult result) {
        return Compare.newBuilder().setKey(bytes(key)).setTarget(target).setResult(result);
    }

    private static RequestOp op(PutRequest.Builder put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private static RequestOp op(RangeRequest.Builder range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }
}
