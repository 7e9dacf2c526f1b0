package flotilla.store.disk;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.read;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.Members;
import flotilla.store.log.Membership.Peer;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state of the only member of a cluster, on disk, with a shelf of its checkpoints beside it.
 */
final class ShelvedState implements AutoCloseable {
    private final Path directory;
    private EtcdStateMachine machine;
    private final CheckpointShelf shelf;

    private ShelvedState(Path directory) throws IOException {
        this.directory = directory;
        this.machine = open();
        machine.begin(
                SnapshotMark.beginning(ConfState.of(1)),
                List.of(new Peer(1, "a", List.of(Members.url(1)))));
        this.shelf = CheckpointShelf.open(root(), machine);
    }

    /** A state that has applied its first entry, and an empty shelf. */
    static ShelvedState begin(Path directory) throws IOException {
        return new ShelvedState(directory);
    }

    private EtcdStateMachine open() throws IOException {
        return new EtcdStateMachine(RocksStorage.open(directory.resolve("state")));
    }

    void restart() throws IOException {
        machine.close();
        machine = open();
    }

    EtcdStateMachine machine() {
        return machine;
    }

    CheckpointShelf shelf() {
        return shelf;
    }

    /** The shelf's directory. */
    Path root() {
        return directory.resolve("shelf");
    }

    /** That of one of its checkpoints. */
    Path place(SnapshotMark mark) {
        return place(root(), mark);
    }

    static Path place(Path root, SnapshotMark mark) {
        return root.resolve("checkpoint-%d-%d".formatted(mark.term(), mark.index()));
    }

    /** Puts {@code a}, and takes a checkpoint that holds it. */
    SnapshotMark taken(String value) throws IOException {
        apply(machine, put("a", value));
        return shelf.take();
    }

    /** That of {@code a}, as the state has it. */
    String value() {
        return read(machine, range("a", "", 0)).getKvs(0).getValue().toStringUtf8();
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
