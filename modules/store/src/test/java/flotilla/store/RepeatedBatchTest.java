package flotilla.store;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.command.CommandBatch;
import flotilla.store.disk.RocksStorage;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatedBatchTest {
    @TempDir Path directory;

    private static CommandBatch numbered(long number, String value) {
        return batch(put("a", value)).toBuilder().setOrigin(5).setNumber(number).build();
    }

    private static String value(EtcdStateMachine machine) {
        return read(machine, range("a", "", 0)).getKvs(0).getValue().toStringUtf8();
    }

    /** What a cut connection left open is sent again; meanwhile others may have written. */
    @Test
    void a_batch_that_is_in_the_log_twice_is_applied_once_also_after_a_restart_and_a_restore()
            throws IOException {
        Path state = directory.resolve("state");
        try (EtcdStateMachine machine = new EtcdStateMachine(RocksStorage.open(state))) {
            assertThat(machine.apply(1, 1, numbered(1, "first"))).hasSize(1);
            machine.apply(2, 1, batch(put("a", "of another")));
            assertThat(machine.apply(3, 2, numbered(1, "first"))).isEmpty();
            assertThat(value(machine)).isEqualTo("of another");
            assertThat(machine.appliedIndex()).isEqualTo(3);
            assertThat(machine.appliedTerm()).isEqualTo(2);
            assertThat(machine.revision()).isEqualTo(3);
            machine.checkpoint(directory.resolve("checkpoint"));
            assertThat(machine.apply(4, 2, numbered(2, "second"))).hasSize(1);
            machine.flush();
        }
        try (EtcdStateMachine machine = new EtcdStateMachine(RocksStorage.open(state))) {
            assertThat(machine.apply(5, 3, numbered(2, "second"))).isEmpty();
            machine.restore(directory.resolve("checkpoint"));
            assertThat(machine.apply(4, 3, numbered(1, "first"))).isEmpty();
            assertThat(machine.apply(5, 3, numbered(2, "second"))).hasSize(1);
        }
    }
}
