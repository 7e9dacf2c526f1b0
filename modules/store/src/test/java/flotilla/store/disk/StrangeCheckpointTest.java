package flotilla.store.disk;

import static flotilla.store.Commands.apply;
import static flotilla.store.Commands.put;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.mvcc.Backend.Change;
import flotilla.store.apply.mvcc.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints that are whole by their manifests, and of which this member can make nothing. */
class StrangeCheckpointTest {
    private static final SnapshotMark MARK = new SnapshotMark(9, 1, ConfState.of(1));
    private static final int FORMAT = 2;

    @TempDir Path directory;
    private ShelvedState state;

    /** Of another member: the format it says it has, and what became of its files. */
    record Strange(int format, String file, int flipped) {}

    static Stream<Arguments> strange() {
        return Stream.of(
                arguments("an older format", new Strange(FORMAT - 1, "", 0), "another version"),
                arguments("a newer format", new Strange(FORMAT + 1, "", 0), "another version"),
                arguments("a damaged table", new Strange(FORMAT, ".sst", 9), ".sst"),
                arguments("a damaged list", new Strange(FORMAT, "MANIFEST", 6), "no sound record"));
    }

    @BeforeEach
    void begin() throws IOException {
        state = ShelvedState.begin(directory);
        apply(state.machine(), put("a", "1"));
    }

    @AfterEach
    void close() {
        state.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strange")
    void one_that_arrives_never_gets_onto_the_shelf(String name, Strange strange, String word)
            throws IOException {
        CheckpointShelf theirs = holding(directory.resolve("theirs"), strange);

        assertThatThrownBy(() -> Transfer.WHOLE.send(MARK, theirs, state.shelf()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(word);

        assertThat(state.shelf().marks()).isEmpty();
        assertThat(ShelvedState.list(state.root())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strange")
    void one_that_is_on_the_shelf_leaves_the_state_as_it_was(
            String name, Strange strange, String word) throws IOException {
        CheckpointShelf own = holding(state.root(), strange);

        assertThatThrownBy(() -> own.restore(MARK))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(word);

        assertThat(state.value()).isEqualTo("1");
        state.restart();
        assertThat(state.value()).isEqualTo("1");
    }

    /** A shelf with such a checkpoint, whose manifest has the sums of its files as they are. */
    private CheckpointShelf holding(Path root, Strange strange) throws IOException {
        Path place = ShelvedState.place(root, MARK);
        Path files = place.resolve(CheckpointShelf.STATE);
        try (RocksStorage storage = RocksStorage.open(directory.resolve("their-state"))) {
            byte[] stands =
                    ByteBuffer.allocate(Integer.BYTES + 4 * Long.BYTES)
                            .putInt(strange.format())
                            .putLong(MARK.index())
                            .putLong(MARK.term())
                            .putLong(1)
                            .putLong(-1)
                            .array();
            storage.write(List.of(new Change(Space.META, "state".getBytes(US_ASCII), stands)));
            assertThat(storage.<Boolean>checkpoint(files, _ -> true)).isTrue();
        }
        SortedMap<String, FileSum> sums = new TreeMap<>();
        for (Path file : ShelvedState.list(files)) {
            String name = String.valueOf(file.getFileName());
            if (!strange.file().isEmpty() && name.contains(strange.file())) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[strange.flipped()] ^= 1;
                Files.write(file, bytes);
            }
            sums.put(name, FileSum.of(file));
        }
        Files.write(place.resolve(Manifest.NAME), new Manifest(MARK, sums).encode());
        return CheckpointShelf.open(root, state.machine());
    }
}
