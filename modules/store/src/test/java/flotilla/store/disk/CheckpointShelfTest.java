package flotilla.store.disk;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.log.SnapshotShelf.Stored;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointShelfTest {
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

    @Test
    void checkpoints_stand_in_order_and_outlive_a_restart() throws IOException {
        SnapshotMark first = state.taken("1");
        SnapshotMark second = state.taken("2");
        assertThat(first).isEqualTo(new SnapshotMark(2, 1, ConfState.of(1)));
        assertThat(shelf.marks()).containsExactly(first, second);

        shelf = CheckpointShelf.open(state.root(), machine);
        assertThat(shelf.marks()).containsExactly(first, second);
        shelf.restore(first);
        assertThat(state.value()).isEqualTo("1");
        assertThat(machine.appliedIndex()).isEqualTo(2);
        shelf.restore(second);
        assertThat(state.value()).isEqualTo("2");
    }

    @Test
    void a_state_is_taken_once() throws IOException {
        SnapshotMark mark = state.taken("1");
        assertThat(shelf.take()).isEqualTo(mark);
        assertThat(shelf.marks()).containsExactly(mark);
        assertThat(files(state.root())).allMatch(path -> path.startsWith(state.place(mark)));
    }

    @Test
    void what_a_crash_left_unfinished_is_swept_away() throws IOException {
        SnapshotMark mark = state.taken("1");
        Files.createDirectories(state.root().resolve("partial-taken/state"));
        Files.writeString(state.root().resolve("partial-taken/state/x"), "half");

        assertThat(CheckpointShelf.open(state.root(), machine).marks()).containsExactly(mark);
        assertThat(state.root().resolve("partial-taken")).doesNotExist();
    }

    @Test
    void a_checkpoint_that_is_sent_stays_although_it_is_dropped() throws IOException {
        SnapshotMark mark = state.taken("1");
        try (Stored stored = shelf.open(mark)) {
            shelf.drop(mark);
            assertThat(shelf.marks()).isEmpty();
            assertThat(state.place(mark)).doesNotExist();
            for (Part part : stored.parts()) {
                assertThat(Transfer.bytes(stored, part)).hasSize((int) part.bytes());
            }
        }
        shelf.drop(mark); // as the first time
    }

    // Damage

    interface Damage {
        void to(Path file) throws IOException;
    }

    static Stream<Arguments> damages() {
        Damage bit =
                file -> {
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[bytes.length / 2] ^= 4;
                    Files.write(file, bytes);
                };
        Damage cut = file -> Files.write(file, half(file));
        Damage emptied = file -> Files.write(file, new byte[0]);
        Damage gone = Files::delete;
        Damage longer = file -> Files.write(file, ByteBuffer.allocate(1 << 20).array());
        return Stream.of(
                arguments("state/*.sst", "a bit", bit, true),
                arguments("state/*.sst", "cut", cut, false),
                arguments("state/*.sst", "gone", gone, false),
                arguments("state/*.sst", "other bytes", longer, false),
                arguments("state/MANIFEST*", "a bit", bit, true),
                arguments("state/MANIFEST*", "emptied", emptied, false),
                arguments("state/CURRENT", "a bit", bit, true),
                arguments("state/CURRENT", "gone", gone, false),
                arguments("state/OPTIONS*", "a bit", bit, true),
                arguments("manifest", "a bit", bit, false),
                arguments("manifest", "cut", cut, false),
                arguments("manifest", "emptied", emptied, false),
                arguments("manifest", "other bytes", longer, false),
                arguments("manifest", "gone", gone, false));
    }

    private static byte[] half(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    /** A copy is damaged: tables are the same file in the store, which must stay sound. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("damages")
    void a_damaged_checkpoint_is_named_and_leaves_the_state_as_it_was(
            String which, String what, Damage damage, boolean listed) throws IOException {
        SnapshotMark mark = state.taken("1");
        unlink(state.place(mark));
        Path file = one(state.place(mark), which);
        damage.to(file);
        apply(machine, put("a", "2"));

        assertThatThrownBy(() -> shelf.restore(mark))
                .isInstanceOf(DamagedFile.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("of another member in its place");
        assertThat(state.value()).isEqualTo("2");
        assertThat(shelf.marks().contains(mark)).isEqualTo(listed);
    }

    @Test
    void a_damaged_checkpoint_is_not_sent_whole() throws IOException {
        SnapshotMark mark = state.taken("1");
        unlink(state.place(mark));
        Path table = one(state.place(mark), "state/*.sst");
        byte[] bytes = Files.readAllBytes(table);
        bytes[9] ^= 1;
        Files.write(table, bytes);

        try (Stored stored = shelf.open(mark)) {
            Part part =
                    stored.parts().stream()
                            .filter(p -> table.endsWith(p.name()))
                            .findFirst()
                            .orElseThrow();
            assertThatThrownBy(() -> Transfer.bytes(stored, part))
                    .isInstanceOf(DamagedFile.class)
                    .hasMessageStartingWith(table.toString());
        }
    }

    @Test
    void a_checkpoint_that_says_it_is_another_is_not_listed() throws IOException {
        SnapshotMark mark = state.taken("1");
        SnapshotMark other = new SnapshotMark(9, 1, ConfState.of(1));
        Files.move(state.place(mark), state.place(other));

        assertThat(shelf.marks()).isEmpty();
        assertThatThrownBy(() -> shelf.restore(other)).hasMessageContaining("holds entry 2");
    }

    @Test
    void the_same_checkpoint_taken_again_heals_a_damaged_one() throws IOException {
        SnapshotMark mark = state.taken("1");
        unlink(state.place(mark));
        Files.write(one(state.place(mark), "state/CURRENT"), new byte[] {1});

        assertThat(shelf.take()).isEqualTo(mark);
        shelf.restore(mark);
        assertThat(files(state.root())).allMatch(path -> path.startsWith(state.place(mark)));
    }

    // On its way

    @Test
    void a_checkpoint_that_was_received_is_the_one_that_was_sent() throws IOException {
        SnapshotMark mark = state.taken("1");
        try (EtcdStateMachine other =
                new EtcdStateMachine(RocksStorage.open(directory.resolve("other")))) {
            Path place = directory.resolve("other-shelf");
            CheckpointShelf to = CheckpointShelf.open(place, other);
            Transfer.WHOLE.send(mark, shelf, to);
            Transfer.WHOLE.send(mark, shelf, to); // doubled: changes nothing
            assertThat(to.marks()).containsExactly(mark);
            to.restore(mark);

            assertThat(other.appliedIndex()).isEqualTo(2);
            assertThat(other.confState()).isEqualTo(ConfState.of(1));
            assertThat(other.hashKv(0)).isEqualTo(machine.hashKv(0));
            assertThat(ShelvedState.list(place)).hasSize(1);
        }
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                arguments("a bit of a table", "what was sent", changed(".sst", 3)),
                arguments("a bit of the manifest", "checksum", changed("manifest", 9)),
                arguments(
                        "a name that leads away",
                        "\"../CURRENT\"",
                        renamed("CURRENT", "../CURRENT")),
                arguments("a name doubled", "\"CURRENT\"", renamed("OPTIONS", "CURRENT")),
                arguments("another name", "what was sent", renamed("CURRENT", "CURRENT2")));
    }

    private static Transfer changed(String part, int at) {
        return (name, bytes) -> {
            if (name.contains(part)) {
                bytes[at] ^= 1;
            }
            return bytes;
        };
    }

    private static Transfer renamed(String part, String other) {
        return new Transfer() {
            @Override
            public byte[] of(String name, byte[] bytes) {
                return bytes;
            }

            @Override
            public String name(String name) {
                return name.startsWith(part) ? other : name;
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void a_checkpoint_that_changed_on_its_way_never_gets_onto_the_shelf(
            String name, String word, Transfer change) throws IOException {
        SnapshotMark mark = state.taken("1");
        CheckpointShelf to = CheckpointShelf.open(directory.resolve("other-shelf"), machine);
        assertThatThrownBy(() -> change.send(mark, shelf, to))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(word);
        assertThat(to.marks()).isEmpty();
        assertThat(ShelvedState.list(directory.resolve("other-shelf"))).isEmpty();
    }

    @Test
    void a_checkpoint_that_ends_too_early_never_gets_onto_the_shelf() throws IOException {
        SnapshotMark mark = state.taken("1");
        CheckpointShelf to = CheckpointShelf.open(directory.resolve("other-shelf"), machine);
        try (Stored stored = shelf.open(mark);
                Arriving arriving = to.receive(mark)) {
            Part manifest = stored.parts().getLast();
            arriving.write(manifest.name(), ByteBuffer.wrap(Transfer.bytes(stored, manifest)));
            assertThatThrownBy(arriving::finish).isInstanceOf(DamagedFile.class);
        }
        assertThat(ShelvedState.list(directory.resolve("other-shelf"))).isEmpty();
    }

    @Test
    void the_next_checkpoint_that_arrives_ends_the_one_before() throws IOException {
        SnapshotMark first = state.taken("1");
        SnapshotMark second = state.taken("2");
        CheckpointShelf to = CheckpointShelf.open(directory.resolve("other-shelf"), machine);
        try (Arriving given = to.receive(first)) {
            given.write("CURRENT", ByteBuffer.wrap(new byte[] {1}));
            Transfer.WHOLE.send(second, shelf, to);
            assertThatThrownBy(() -> given.write("CURRENT", ByteBuffer.wrap(new byte[] {1})))
                    .hasMessageContaining("given up");
            assertThatThrownBy(given::finish).hasMessageContaining("given up");
        }
        assertThat(to.marks()).containsExactly(second);
        assertThat(ShelvedState.list(directory.resolve("other-shelf"))).hasSize(1);
    }

    // Files

    private static Path one(Path checkpoint, String glob) throws IOException {
        Path directory = checkpoint.resolve(glob).resolveSibling("");
        String name = glob.substring(glob.indexOf('/') + 1);
        try (var found = Files.newDirectoryStream(directory, name)) {
            return found.iterator().next();
        }
    }

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Gives a checkpoint files of its own. */
    private static void unlink(Path checkpoint) throws IOException {
        for (Path file : files(checkpoint)) {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.write(file, bytes);
        }
    }
}
