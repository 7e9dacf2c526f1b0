package flotilla.store;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.leaseKeys;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static flotilla.store.Commands.refused;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.disk.RocksStorage;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that touch more keys than are looked at in one go. */
class LargeRevisionTest {
    private static final int KEYS = 5_000;

    @TempDir Path directory;
    private EtcdStateMachine machine;

    @BeforeEach
    void open() throws IOException {
        machine = new EtcdStateMachine(RocksStorage.open(directory));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void one_request_deletes_all_keys_of_a_range_in_one_revision_and_no_other() {
        putMany(0, "v");
        done(machine, put("j", "before"));
        done(machine, put("l", "behind"));
        long before = machine.revision();

        var answer = (DeleteRangeResponse) done(machine, delete("k", "l"));

        assertThat(answer.getDeleted()).isEqualTo(KEYS);
        assertThat(answer.getPrevKvsList()).isEmpty();
        assertThat(answer.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(read(machine, range("\0", "\0", 0)).getKvsList())
                .extracting(KeyValue::getKey)
                .containsExactly(bytes("j"), bytes("l"));
        assertThat(read(machine, range("k", "l", before)).getCount()).isEqualTo(KEYS);
        assertThat(machine.keys()).isEqualTo(2);
    }

    @Test
    void who_asks_for_previous_values_gets_all_in_the_order_of_the_keys() {
        putMany(0, "v");
        Command command = deleteWithPrevious("k", "l");

        var answer = (DeleteRangeResponse) done(machine, command);

        assertThat(answer.getPrevKvsList())
                .extracting(KeyValue::getKey)
                .isEqualTo(IntStream.range(0, KEYS).mapToObj(i -> bytes(key(i))).toList());
    }

    @Test
    void the_end_of_a_lease_deletes_all_its_keys_in_one_revision() {
        done(machine, grant(7, 60));
        putMany(7, "v");
        done(machine, put("other", "v"));
        long before = machine.revision();

        done(machine, revoke(7));

        assertThat(machine.revision()).isEqualTo(before + 1);
        assertThat(read(machine, range("\0", "\0", 0)).getCount()).isEqualTo(1);
        assertThat(leaseKeys(machine, 7)).isEmpty();
        assertThat(machine.lease(7)).isEmpty();
    }

    @Test
    void a_transaction_compares_a_range_and_reads_its_own_deletes() {
        putMany(0, "v");
        TxnRequest txn =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setKey(bytes("k"))
                                        .setRangeEnd(bytes("l"))
                                        .setTarget(Compare.CompareTarget.VALUE)
                                        .setValue(bytes("v")))
                        .addSuccess(op(deleteWithPrevious("k", "k00002").getDeleteRange()))
                        .addSuccess(op(DeleteRangeRequest.newBuilder().setKey(bytes("k")).build()))
                        .addSuccess(op(deleteWithPrevious("k", "k00003").getDeleteRange()))
                        .addSuccess(RequestOp.newBuilder().setRequestRange(range("k", "l", 0)))
                        .build();

        var answer = (TxnResponse) done(machine, Command.newBuilder().setTxn(txn).build());

        assertThat(answer.getSucceeded()).isTrue();
        assertThat(answer.getResponses(0).getResponseDeleteRange().getDeleted()).isEqualTo(2);
        assertThat(answer.getResponses(1).getResponseDeleteRange().getDeleted()).isZero();
        assertThat(answer.getResponses(2).getResponseDeleteRange().getPrevKvsList())
                .extracting(KeyValue::getKey)
                .containsExactly(bytes("k00002"));
        assertThat(answer.getResponses(3).getResponseRange().getCount()).isEqualTo(KEYS - 3);
    }

    @Test
    void a_write_whose_answer_is_too_large_changes_nothing_whatever_it_had_done_by_then() {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 5; i++) {
            done(machine, put(key(i), large));
        }
        long before = machine.revision();
        int hash = machine.hashKv(0).getHash();
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "1")))
                .addSuccess(op(deleteWithPrevious("k", "l").getDeleteRange()));
        Command alone = deleteWithPrevious("k", "l");
        Command within = Command.newBuilder().setTxn(txn).build();

        assertThat(refused(machine, alone)).isEqualTo(EtcdError.ANSWER_TOO_LARGE);
        assertThat(refused(machine, within)).isEqualTo(EtcdError.ANSWER_TOO_LARGE);

        assertThat(machine.revision()).isEqualTo(before);
        assertThat(machine.hashKv(0).getHash()).isEqualTo(hash);
        assertThat(read(machine, range("a", "", 0)).getCount()).isZero();
        assertThat(apply(machine, within, put("b", "2"), alone))
                .extracting(Applied.Done.class::isInstance)
                .containsExactly(false, true, false);
        assertThat(read(machine, range("b", "", 0)).getKvs(0).getModRevision())
                .isEqualTo(before + 1);
    }

    @Test
    void a_single_previous_value_is_answered_however_large_and_those_of_one_entry_up_to_a_limit() {
        String large = "x".repeat(5 << 20);
        done(machine, put("a", large));
        Command put = Command.newBuilder().setPut(putRequest("a", large).setPrevKv(true)).build();

        List<Applied> results = apply(machine, put, put, put("b", "1"));

        assertThat(results.get(0)).isInstanceOf(Applied.Done.class);
        assertThat(results.get(1)).isEqualTo(new Applied.Refused(EtcdError.TOO_MANY_REQUESTS));
        assertThat(results.get(2)).isInstanceOf(Applied.Done.class);
    }

    private static Command deleteWithPrevious(String from, String to) {
        Command.Builder command = delete(from, to).toBuilder();
        command.getDeleteRangeBuilder().setPrevKv(true);
        return command.build();
    }

    private static RequestOp op(DeleteRangeRequest delete) {
        return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
    }

    private void putMany(long lease, String value) {
        CommandBatch.Builder batch = CommandBatch.newBuilder();
        for (int i = 0; i < KEYS; i++) {
            batch.addCommands(put(key(i), value, lease));
        }
        assertThat(machine.apply(machine.appliedIndex() + 1, 1, batch.build()))
                .allMatch(Applied.Done.class::isInstance);
    }

    private static String key(int number) {
        return "k%05d".formatted(number);
    }
}
