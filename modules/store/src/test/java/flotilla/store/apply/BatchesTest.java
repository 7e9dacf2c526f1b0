package flotilla.store.apply;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.UnknownFieldSet;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchesTest {
    private static final CommandBatch BATCH =
            batch(put("a", "1"), put("b", "2")).toBuilder().setOrigin(5).setNumber(9).build();

    @Test
    void a_batch_is_read_as_it_was_written() throws UnreadableEntry {
        assertThat(Batches.ofEntry(BATCH.toByteArray(), 0)).isEqualTo(BATCH);
    }

    @Test
    void a_request_nested_as_deeply_as_clients_may_is_read() throws UnreadableEntry {
        CommandBatch deep = batch(nested(50));
        assertThat(Batches.ofEntry(deep.toByteArray(), 0)).isEqualTo(deep);
    }

    /** Each level of a transaction is two of protobuf's. */
    private static Command nested(int levels) {
        TxnRequest txn = TxnRequest.getDefaultInstance();
        for (int i = 0; i < levels; i++) {
            txn =
                    TxnRequest.newBuilder()
                            .addSuccess(RequestOp.newBuilder().setRequestTxn(txn))
                            .build();
        }
        return Command.newBuilder().setTxn(txn).build();
    }

    static Stream<Arguments> unreadable() {
        byte[] whole = BATCH.toByteArray();
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        Command ofLater = Command.newBuilder().setUnknownFields(unknown).build();
        return Stream.of(
                arguments("cut short", "no batch", Arrays.copyOf(whole, whole.length - 20)),
                arguments("garbled", "no batch", new byte[] {(byte) 0xff, 1, 2, 3}),
                arguments("empty", "no command", new byte[0]),
                arguments("nested too deeply", "too many levels", batch(nested(120)).toByteArray()),
                arguments(
                        "a kind of a later version",
                        "doesn't know",
                        batch(put("a", "1"), ofLater).toByteArray()),
                arguments(
                        "a known kind with something new",
                        "doesn't know",
                        batch(put("a", "1").toBuilder().setUnknownFields(unknown).build())
                                .toByteArray()),
                arguments(
                        "a batch with something new",
                        "doesn't know",
                        BATCH.toBuilder().setUnknownFields(unknown).build().toByteArray()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void what_this_version_cannot_apply_is_told_before_it_is_in_the_log(
            String name, String word, byte[] data) {
        assertThatThrownBy(() -> Batches.requireProposable(data, 0))
                .isInstanceOf(UnreadableEntry.class)
                .hasMessageContaining(word);
        assertThatThrownBy(() -> Batches.ofEntry(data, 0))
                .isInstanceOf(UnreadableEntry.class)
                .hasMessageContaining(word);
    }

    @Test
    void what_is_above_the_cluster_s_level_or_says_less_than_it_is_does_not_enter_the_log() {
        Command alarm = Command.newBuilder().setAlarm(AlarmRequest.getDefaultInstance()).build();
        CommandBatch honest = batch(put("a", "1"), alarm).toBuilder().setLevel(1).build();

        assertThatNoException()
                .isThrownBy(() -> Batches.requireProposable(honest.toByteArray(), 1));
        assertThatThrownBy(() -> Batches.requireProposable(honest.toByteArray(), 0))
                .hasMessage("it needs feature level 1, and the cluster is at 0");
        assertThatThrownBy(() -> Batches.requireProposable(batch(alarm).toByteArray(), 1))
                .hasMessage("it says feature level 0, and holds a command of 1");
    }

    @Test
    void an_entry_that_cannot_be_applied_names_itself_and_the_way_on() {
        assertThatThrownBy(() -> Batches.ofEntry(new byte[] {1}, 0))
                .isInstanceOfSatisfying(
                        UnreadableEntry.class,
                        unreadable ->
                                assertThat(unreadable.stops(17))
                                        .hasMessageStartingWith("log entry 17 can't be applied: it")
                                        .hasMessageContaining("bring this member to that version"));
    }
}
