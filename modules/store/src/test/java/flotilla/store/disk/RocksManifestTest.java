package flotilla.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksManifestTest {
    private static final int RECYCLABLE = 4;

    @TempDir Path directory;
    private Path live;
    private Path manifest;
    private byte[] whole;

    @BeforeEach
    void make() throws IOException {
        try (RocksStorage storage = RocksStorage.open(directory)) {
            for (int table = 0; table < 4; table++) {
                storage.write(List.of(change(table)));
                storage.flush();
            }
        }
        live = directory.resolve("live");
        try (Stream<Path> files = Files.list(live)) {
            manifest =
                    files.filter(file -> file.getFileName().toString().startsWith("MANIFEST-"))
                            .findFirst()
                            .orElseThrow();
        }
        whole = Files.readAllBytes(manifest);
    }

    private static Backend.Change change(int number) {
        byte[] bytes = {(byte) number};
        return new Backend.Change(Space.REVISION, bytes, bytes);
    }

    @Test
    void what_rocksdb_wrote_is_sound() throws IOException {
        assertThat(RocksManifest.damage(live)).isEmpty();
    }

    @Test
    void what_a_crash_cut_short_is_left_to_rocksdb() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            Files.write(manifest, Arrays.copyOf(whole, length));

            assertThat(RocksManifest.damage(live)).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void each_flipped_bit_is_noticed_unless_it_lengthens_a_record_beyond_the_end()
            throws IOException {
        List<Integer> unnoticed = new ArrayList<>();
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(manifest, flipped);
            if (RocksManifest.damage(live).isEmpty()) {
                unnoticed.add(bit / 8);
            }
        }

        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < whole.length; at += 7 + length(at)) {
            lengths.addAll(List.of(at + 4, at + 5));
        }
        assertThat(lengths).as("records' lengths").hasSizeGreaterThan(6).containsAll(unnoticed);
    }

    private int length(int at) {
        return Byte.toUnsignedInt(whole[at + 4]) | Byte.toUnsignedInt(whole[at + 5]) << 8;
    }

    @Test
    void a_type_that_rocksdb_would_not_come_back_from_has_the_store_made_anew() throws IOException {
        byte[] flipped = whole.clone();
        int last = 0;
        for (int at = 0; at < whole.length; at += 7 + length(at)) {
            last = at;
        }
        flipped[last + 6] ^= RECYCLABLE;
        Files.write(manifest, flipped);

        try (RocksStorage storage = RocksStorage.open(directory);
                Backend.View view = storage.view()) {
            assertThat(view.get(Space.REVISION, change(0).key())).isNull();
        }

        assertThat(directory.resolve("damaged")).isDirectory();
    }
}
