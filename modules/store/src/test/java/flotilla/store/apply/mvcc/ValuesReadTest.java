package flotilla.store.apply.mvcc;

import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.Compare;
import flotilla.protocol.Compare.CompareResult;
import flotilla.protocol.Compare.CompareTarget;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeRequest.SortOrder;
import flotilla.protocol.RangeRequest.SortTarget;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.AppliedState;
import flotilla.store.apply.BatchApplier;
import flotilla.store.apply.refusal.UnreadableState;
import flotilla.store.command.Command;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which values are read for an answer: those that stand in it or decide on it, and no others. */
class ValuesReadTest {
    private static final int KEYS = 20;

    private final CountingBackend backend = new CountingBackend();
    private long index;

    /** Keys k00 to k19, each put twice; a lease on all, and one key deleted. */
    @BeforeEach
    void fill() {
        apply(grant(7, 60));
        for (int i = 0; i < KEYS; i++) {
            apply(put(key(i), "old", 7));
        }
        for (int i = KEYS - 1; i >= 0; i--) {
            apply(put(key(i), "new" + i % 5, 7));
        }
        apply(put("k99", "gone"), delete("k99", ""));
        var _ = backend.valuesRead();
    }

    private static String key(int number) {
        return "k%02d".formatted(number);
    }

    private void apply(Command... commands) {
        try (Backend.Draft draft = backend.draft()) {
            BatchApplier applier = new BatchApplier(draft, AppliedState.read(draft), ++index, 1);
            List.of(commands).forEach(applier::apply);
            AppliedState _ = applier.finish();
            draft.write();
        }
    }

    private static RangeRequest.Builder all() {
        return RangeRequest.newBuilder().setKey(bytes("k")).setRangeEnd(bytes("l"));
    }

    private RangeResponse read(RangeRequest.Builder request) {
        try (Backend.View view = backend.view()) {
            return RangeQuery.answer(MvccReader.of(view), request.build(), LimitedRoom.unlimited());
        }
    }

    private static Arguments row(
            String what, int values, Function<RangeRequest.Builder, RangeRequest.Builder> ask) {
        return arguments(what, values, ask);
    }

    static Stream<Arguments> reads() {
        long before = 1 + KEYS + 3;
        return Stream.of(
                row("count", 0, r -> r.setCountOnly(true)),
                row("count of the past", 0, r -> r.setCountOnly(true).setRevision(before)),
                row("keys only", 0, r -> r.setKeysOnly(true)),
                row("keys only of the past", 0, r -> r.setKeysOnly(true).setRevision(before)),
                row("limit", 1, r -> r.setLimit(1)),
                row("limit in the past", 1, r -> r.setLimit(1).setRevision(before)),
                row("the next page", 3, r -> r.setKey(bytes("k05\0")).setLimit(3)),
                row("one key of many", 1, r -> r.setKey(bytes("k05")).clearRangeEnd()),
                row("a key that was deleted", 0, r -> r.setKey(bytes("k99")).clearRangeEnd()),
                row("all", KEYS, r -> r),
                row("descending", 2, r -> r.setSortOrder(SortOrder.DESCEND).setLimit(2)),
                row(
                        "newest first",
                        2,
                        r ->
                                r.setSortTarget(SortTarget.MOD)
                                        .setSortOrder(SortOrder.DESCEND)
                                        .setLimit(2)),
                row(
                        "sorted without an order",
                        2,
                        r -> r.setSortTarget(SortTarget.CREATE).setLimit(2)),
                row("filtered", 3, r -> r.setMaxModRevision(1 + KEYS + 3)),
                row("filtered out", 0, r -> r.setMinCreateRevision(1000)),
                row("sorted by value", KEYS, r -> sortedByValue(r).setLimit(2)),
                row("keys sorted by value", KEYS, r -> sortedByValue(r).setKeysOnly(true)));
    }

    private static RangeRequest.Builder sortedByValue(RangeRequest.Builder request) {
        return request.setSortTarget(SortTarget.VALUE).setSortOrder(SortOrder.ASCEND);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reads")
    void a_read_reads_what_it_answers_or_sorts_by(
            String what, int values, Function<RangeRequest.Builder, RangeRequest.Builder> ask) {
        read(ask.apply(all()));
        assertThat(backend.valuesRead()).isEqualTo(values);
    }

    @Test
    void what_is_not_read_for_its_value_tells_all_else() {
        List<KeyValue> whole = read(all()).getKvsList();
        assertThat(read(all().setKeysOnly(true)).getKvsList())
                .containsExactlyElementsOf(
                        whole.stream().map(kv -> kv.toBuilder().clearValue().build()).toList());
        assertThat(whole).allMatch(kv -> kv.getVersion() == 2 && kv.getLease() == 7);
    }

    @Test
    void order_and_cut_are_by_what_was_asked_though_values_come_last() {
        assertThat(
                        read(all().setSortTarget(SortTarget.MOD)
                                        .setSortOrder(SortOrder.ASCEND)
                                        .setLimit(2))
                                .getKvsList())
                .extracting(kv -> kv.getKey().toStringUtf8(), kv -> kv.getValue().toStringUtf8())
                .containsExactly(tuple("k19", "new4"), tuple("k18", "new3"));
        assertThat(read(sortedByValue(all()).setLimit(3)).getKvsList())
                .extracting(kv -> kv.getKey().toStringUtf8())
                .containsExactly("k00", "k05", "k10");
    }

    @Test
    void a_put_and_a_delete_read_no_value_nobody_asked_for() {
        apply(put("k00", "newer"));
        apply(delete("k", "l"));
        assertThat(backend.valuesRead()).isZero();
        assertThat(read(all().setCountOnly(true)).getCount()).isZero();
    }

    @Test
    void a_put_and_a_delete_read_what_they_answer_or_keep() {
        apply(Command.newBuilder().setPut(putRequest("k00", "x").setPrevKv(true)).build());
        assertThat(backend.valuesRead()).isEqualTo(1);
        apply(Command.newBuilder().setPut(putRequest("k00", "").setIgnoreValue(true)).build());
        assertThat(backend.valuesRead()).isEqualTo(1);
        apply(Command.newBuilder().setPut(putRequest("k00", "y").setIgnoreLease(true)).build());
        assertThat(backend.valuesRead()).isZero();
        apply(
                Command.newBuilder()
                        .setDeleteRange(
                                DeleteRangeRequest.newBuilder()
                                        .setKey(bytes("k"))
                                        .setRangeEnd(bytes("k05"))
                                        .setPrevKv(true))
                        .build());
        assertThat(backend.valuesRead()).isEqualTo(5);
    }

    @Test
    void a_guard_reads_a_value_only_to_compare_it() {
        apply(guarded(CompareTarget.VERSION), guarded(CompareTarget.LEASE));
        apply(guarded(CompareTarget.MOD), guarded(CompareTarget.CREATE));
        assertThat(backend.valuesRead()).isZero();
        apply(guarded(CompareTarget.VALUE));
        assertThat(backend.valuesRead()).isEqualTo(1);
    }

    private static Command guarded(CompareTarget target) {
        return Command.newBuilder()
                .setTxn(
                        TxnRequest.newBuilder()
                                .addCompare(
                                        Compare.newBuilder()
                                                .setKey(bytes("k03"))
                                                .setTarget(target)
                                                .setResult(CompareResult.GREATER)))
                .build();
    }

    @Test
    void a_store_in_the_layout_of_before_is_refused_with_what_to_do() {
        byte[] key = "state".getBytes(StandardCharsets.US_ASCII);
        backend.write(List.of(new Backend.Change(Space.META, key, new byte[4 * Long.BYTES])));
        try (Backend.View view = backend.view()) {
            assertThatThrownBy(() -> StoreState.read(view))
                    .isInstanceOf(UnreadableState.class)
                    .hasMessageContaining("another version")
                    .hasMessageContaining("empty data directory");
        }
    }
}
