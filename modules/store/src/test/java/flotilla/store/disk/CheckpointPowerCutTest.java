package flotilla.store.disk;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.put;
import static flotilla.store.disk.ShelvedState.list;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shelf of checkpoints whose power is cut before each of its steps in turn. */
class CheckpointPowerCutTest {
    @TempDir Path directory;
    private ShelvedState state;
    private EtcdStateMachine machine;
    private CheckpointShelf shelf;

    @BeforeEach
    void begin() throws IOException {
        state = ShelvedState.begin(directory);
        machine = state.machine();
        shelf = state.shelf();
    }

    @AfterEach
    void close() {
        state.close();
    }

    interface Doing {
        void to(CheckpointShelf shelf) throws IOException;
    }

    /** Cuts power before each step in turn, and looks what is there then. */
    private void cutEverywhere(Doing doing, List<SnapshotMark> before, List<SnapshotMark> after)
            throws IOException {
        boolean done = false;
        for (int step = 0; !done; step++) {
            for (boolean movesLost : List.of(false, true)) {
                Path copy = directory.resolve("cut-%d-%s".formatted(step, movesLost));
                copyTree(state.root(), copy);
                CuttableDisk disk = new CuttableDisk(copy);
                CheckpointShelf cut = CheckpointShelf.open(copy, machine, disk);
                disk.cutBeforeStep(step);
                try {
                    doing.to(cut);
                    done = true;
                } catch (CuttableDisk.PowerCut e) {
                    disk.lose(movesLost);
                }
                List<SnapshotMark> left = CheckpointShelf.open(copy, machine).marks();
                assertThat(left).as("cut before step %d", step).isIn(before, after);
                assertThat(list(copy)).hasSameSizeAs(left);
                for (SnapshotMark mark : left) {
                    CheckpointShelf.open(copy, machine).restore(mark);
                }
            }
        }
        assertThat(CheckpointShelf.open(directory.resolve("cut-0-true"), machine).marks())
                .isEqualTo(before);
    }

    @Test
    void a_power_cut_while_one_is_taken_leaves_the_old_or_the_new() throws IOException {
        SnapshotMark first = state.taken("1");
        apply(machine, put("a", "2"));
        SnapshotMark second = new SnapshotMark(3, 1, ConfState.of(1));
        cutEverywhere(
                cut -> {
                    if (machine.appliedIndex() != 3) { // a restore took it back
                        apply(machine, put("a", "2"));
                    }
                    cut.take();
                },
                List.of(first),
                List.of(first, second));
    }

    @Test
    void a_power_cut_while_one_arrives_leaves_the_old_or_the_new() throws IOException {
        SnapshotMark first = state.taken("1");
        SnapshotMark second = state.taken("2");
        Path both = directory.resolve("both");
        copyTree(state.root(), both);
        shelf.drop(second);
        CheckpointShelf from = CheckpointShelf.open(both, machine);
        cutEverywhere(
                cut -> Transfer.WHOLE.send(second, from, cut),
                List.of(first),
                List.of(first, second));
    }

    @Test
    void a_power_cut_while_one_goes_leaves_it_whole_or_nothing() throws IOException {
        SnapshotMark first = state.taken("1");
        SnapshotMark second = state.taken("2");
        cutEverywhere(cut -> cut.drop(first), List.of(first, second), List.of(second));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(path -> {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
