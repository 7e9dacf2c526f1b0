package flotilla.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.log.SnapshotMark;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that another member did not take, looked at on the shelf that it came from. */
class DroppedCheckpointTest {
    @TempDir Path directory;
    private ShelvedState state;
    private EtcdStateMachine machine;
    private CheckpointShelf shelf;
    private SnapshotMark mark;

    @BeforeEach
    void take() throws IOException {
        state = ShelvedState.begin(directory);
        machine = state.machine();
        shelf = state.shelf();
        mark = state.taken("1");
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void a_sound_one_stays() throws IOException {
        assertThat(shelf.dropIfDamaged(mark)).isFalse();

        assertThat(shelf.marks()).containsExactly(mark);
    }

    @Test
    void a_damaged_one_goes_and_the_next_that_is_taken_is_sound() throws IOException {
        Path table = table();
        byte[] bytes = Files.readAllBytes(table);
        Files.delete(table); // A copy is damaged: the file itself is the state's too.
        bytes[9] ^= 1;
        Files.write(table, bytes);

        assertThat(shelf.dropIfDamaged(mark)).isTrue();

        assertThat(shelf.marks()).isEmpty();
        assertThat(machine.failure()).isNotDone();
        assertThat(shelf.dropIfDamaged(shelf.take())).isFalse();
    }

    @Test
    void one_that_shares_a_damaged_table_with_the_state_ends_the_member() throws IOException {
        byte[] bytes = Files.readAllBytes(table());
        bytes[9] ^= 1;
        Files.write(table(), bytes, StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(shelf.dropIfDamaged(mark)).isTrue();

        assertThat(machine.failure()).isCompletedExceptionally();
    }

    private Path table() throws IOException {
        return ShelvedState.list(state.place(mark).resolve(CheckpointShelf.STATE)).stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .findFirst()
                .orElseThrow();
    }
}
