package flotilla.store.apply.mvcc;

import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.putRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestChecksTest {
    static Stream<Arguments> branches() {
        return Stream.of(
                arguments("two puts of a key", List.of(put("a"), put("a")), true),
                arguments("two keys", List.of(put("a"), put("b")), false),
                arguments("put then delete", List.of(put("a"), delete("a", "")), true),
                arguments("delete then put", List.of(delete("a", ""), put("a")), true),
                arguments("put in a range", List.of(delete("a", "c"), put("b")), true),
                arguments("put at the range's end", List.of(delete("a", "c"), put("c")), false),
                arguments("put in an open range", List.of(delete("a", "\0"), put("z")), true),
                arguments("two deletes", List.of(delete("a", "c"), delete("b", "")), false),
                arguments(
                        "then and else of one nested",
                        List.of(nested(List.of(put("a")), List.of(put("a")))),
                        false),
                arguments(
                        "nested and around",
                        List.of(put("a"), nested(List.of(put("a")), List.of())),
                        true),
                arguments(
                        "else and around",
                        List.of(put("a"), nested(List.of(), List.of(put("a")))),
                        true),
                arguments(
                        "nested put, delete around",
                        List.of(nested(List.of(put("a")), List.of()), delete("a", "")),
                        true),
                arguments(
                        "nested delete, put around",
                        List.of(nested(List.of(), List.of(delete("a", "z"))), put("b")),
                        true),
                arguments(
                        "two nested with one key",
                        List.of(
                                nested(List.of(put("a")), List.of()),
                                nested(List.of(), List.of(put("a")))),
                        true),
                arguments("ranges and puts", List.of(range("a"), put("a")), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("branches")
    void a_branch_writes_each_key_once(String name, List<RequestOp> ops, boolean duplicate) {
        for (TxnRequest request :
                List.of(
                        TxnRequest.newBuilder().addAllSuccess(ops).build(),
                        TxnRequest.newBuilder().addAllFailure(ops).build())) {
            if (duplicate) {
                assertRefused(EtcdError.DUPLICATE_KEY, () -> check(request));
            } else {
                assertThatCode(() -> check(request)).as(name).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void nested_operations_get_what_is_left_of_the_limit() {
        RequestOp inner = nested(Collections.nCopies(100, range("a")), List.of());
        List<RequestOp> outer = new java.util.ArrayList<>(Collections.nCopies(27, range("b")));
        outer.add(inner);
        assertThatCode(() -> check(TxnRequest.newBuilder().addAllSuccess(outer).build()))
                .doesNotThrowAnyException();
        outer.add(range("c"));
        assertRefused(
                EtcdError.TOO_MANY_OPS,
                () -> check(TxnRequest.newBuilder().addAllSuccess(outer).build()));
    }

    @Test
    void requests_that_contradict_themselves_are_refused_as_etcd_does() {
        assertRefused(
                EtcdError.EMPTY_KEY, () -> RequestChecks.check(RangeRequest.getDefaultInstance()));
        assertRefused(
                EtcdError.EMPTY_KEY, () -> RequestChecks.check(PutRequest.getDefaultInstance()));
        assertRefused(
                EtcdError.VALUE_PROVIDED,
                () -> RequestChecks.check(putRequest("a", "1").setIgnoreValue(true).build()));
        assertRefused(
                EtcdError.LEASE_PROVIDED,
                () ->
                        RequestChecks.check(
                                putRequest("a", "1").setLease(1).setIgnoreLease(true).build()));
        assertRefused(
                EtcdError.INVALID_SORT_OPTION,
                () ->
                        RequestChecks.check(
                                RangeRequest.newBuilder()
                                        .setKey(bytes("a"))
                                        .setSortOrderValue(9)
                                        .build()));
        assertRefused(
                EtcdError.EMPTY_KEY,
                () ->
                        check(
                                TxnRequest.newBuilder()
                                        .addCompare(Compare.getDefaultInstance())
                                        .build()));
        assertRefused(
                EtcdError.KEY_NOT_FOUND,
                () ->
                        check(
                                TxnRequest.newBuilder()
                                        .addSuccess(RequestOp.getDefaultInstance())
                                        .build()));
    }

    @Test
    void a_transaction_without_operations_is_never_answered_stale() {
        TxnRequest comparesOnly =
                TxnRequest.newBuilder().addCompare(Compare.newBuilder().setKey(bytes("a"))).build();
        assertThat(RequestChecks.isReadOnly(comparesOnly)).isTrue();
        assertThat(RequestChecks.isSerializable(comparesOnly)).isFalse();
    }

    private static void check(TxnRequest request) {
        RequestChecks.check(request, RequestChecks.MAX_TXN_OPS);
    }

    private static void assertRefused(
            EtcdError error, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static RequestOp put(String key) {
        return RequestOp.newBuilder().setRequestPut(putRequest(key, "v")).build();
    }

    private static RequestOp range(String key) {
        return RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(bytes(key)))
                .build();
    }

    private static RequestOp delete(String key, String end) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
                .build();
    }

    private static RequestOp nested(List<RequestOp> then, List<RequestOp> otherwise) {
        return RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder().addAllSuccess(then).addAllFailure(otherwise))
                .build();
    }
}
