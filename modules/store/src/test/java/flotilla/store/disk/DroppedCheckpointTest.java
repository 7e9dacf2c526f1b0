package flotilla.store.disk;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.Members;
import flotilla.store.log.Membership.Peer;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that another member did not take, looked at on the shelf that it came from. */
class DroppedCheckpointTest {
    @TempDir Path directory;
    private EtcdStateMachine machine;
    private CheckpointShelf shelf;
    private SnapshotMark mark;

    @BeforeEach
    void take() throws IOException {
        machine = new EtcdStateMachine(RocksStorage.open(directory.resolve("state")));
        machine.begin(
                SnapshotMark.beginning(ConfState.of(1)),
                List.of(new Peer(1, "a", List.of(Members.url(1)))));
        shelf = CheckpointShelf.open(directory.resolve("shelf"), machine);
        apply(machine, put("a", "1"));
        mark = shelf.take();
    }

    @AfterEach
    void close() {
        machine.close();
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
        Path state = CheckpointShelfTest.list(directory.resolve("shelf")).getFirst();
        return CheckpointShelfTest.list(state.resolve(CheckpointShelf.STATE)).stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .findFirst()
                .orElseThrow();
    }
}
