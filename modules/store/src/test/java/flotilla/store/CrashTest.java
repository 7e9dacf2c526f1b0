package flotilla.store;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.protocol.RangeResponse;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.disk.RocksStorage;
import flotilla.store.view.EtcdStateMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that is killed leaves behind. */
class CrashTest {
    private static final int FLUSHED_AT = 200;

    @TempDir Path directory;

    /** The process that is killed: applies, flushes once, says so, goes on for ever. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws IOException {
            EtcdStateMachine machine =
                    new EtcdStateMachine(RocksStorage.open(Path.of(arguments[0])));
            for (int i = 1; i < Integer.MAX_VALUE; i++) {
                machine.apply(i, 1, entry(i));
                if (i == FLUSHED_AT) {
                    machine.flush();
                }
                if (i == 2 * FLUSHED_AT) {
                    System.out.println("flushed, and more applied");
                }
            }
        }
    }

    private static flotilla.store.command.CommandBatch entry(long index) {
        return batch(put("k" + index % 100, "v" + index), put("count", "" + index));
    }

    @Test
    void a_killed_process_leaves_an_earlier_state_whole_and_its_index() throws Exception {
        kill(start());
        try (EtcdStateMachine left = new EtcdStateMachine(RocksStorage.open(directory));
                EtcdStateMachine same = new EtcdStateMachine(new MemoryStorage())) {
            long index = left.appliedIndex();
            assertThat(index).isGreaterThanOrEqualTo(FLUSHED_AT);
            assertThat(left.revision()).isEqualTo(1 + 2 * index);
            RangeResponse count = read(left, range("count", "", 0));
            assertThat(count.getKvs(0).getValue().toStringUtf8()).isEqualTo("" + index);
            for (long i = 1; i <= index; i++) {
                same.apply(i, 1, entry(i));
            }
            assertThat(left.hashKv(0).getHash()).isEqualTo(same.hashKv(0).getHash());
            left.apply(index + 1, 1, entry(index + 1)); // the log gives it the rest again
            assertThat(left.revision()).isEqualTo(3 + 2 * index);
        }
    }

    /** A crash between the two renames of a restore: the next start finishes it. */
    @Test
    void a_restore_cut_short_is_finished_by_the_next_start() throws Exception {
        try (EtcdStateMachine machine =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("store")))) {
            machine.apply(1, 1, batch(put("old", "1")));
        }
        try (EtcdStateMachine other =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("other")))) {
            other.apply(9, 2, batch(put("new", "1"), put("new", "2")));
            other.checkpoint(directory.resolve("store").resolve("incoming"));
        }
        Files.createDirectories(directory.resolve("store").resolve("staging"));
        try (EtcdStateMachine machine =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("store")))) {
            assertThat(machine.appliedIndex()).isEqualTo(9);
            assertThat(read(machine, range("old", "", 0)).getCount()).isZero();
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
    }

    /** Kills it once it has said that it flushed. */
    private static void kill(Process process) throws IOException, InterruptedException {
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.startsWith("flushed")) {
                line = output.readLine();
            }
            assertThat(line).isNotNull();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
