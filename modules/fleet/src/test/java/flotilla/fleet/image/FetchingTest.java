package flotilla.fleet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blob comes whole, from whoever gives it so, or why not is said of each. */
class FetchingTest {
    private static final byte[] LAYER = "bytes of a layer".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Image IMAGE =
            new Image(new ImageName("app:1"), blob(CONFIG), List.of(blob(LAYER)));

    @TempDir private Path folder;
    private final List<String> said = new ArrayList<>();
    private Blobs own = Blobs.in(Path.of(""));
    private Holder first;
    private Holder second;

    private static Blob blob(byte[] bytes) {
        return new Blob(TarFile.digest(bytes), bytes.length);
    }

    @BeforeEach
    void two_holders() throws Exception {
        own = Blobs.in(folder.resolve("own"));
        first = holder("first");
        second = holder("second");
        var _ = own.append(blob(CONFIG), 0, CONFIG);
    }

    private Holder holder(String id) throws Exception {
        Blobs blobs = Blobs.in(folder.resolve(id));
        var _ = blobs.append(blob(LAYER), 0, LAYER);
        return new Holder(id, blobs);
    }

    @AfterEach
    void none() {
        first.close();
        second.close();
    }

    private void fetch() throws IOException {
        new Fetching(own, Holder.peers(), IMAGE, said::add)
                .from(List.of(first.machine, second.machine));
    }

    @Test
    void what_broke_off_goes_on_where_it_was_with_the_next_one_that_has_it() throws Exception {
        first.breaksOffAfter(9);

        fetch();

        assertThat(own.has(blob(LAYER))).isTrue();
        assertThat(second.asked).containsExactly(9L);
    }

    @Test
    void what_came_before_the_machine_itself_died_is_not_asked_for_again() throws Exception {
        first.breaksOffAfter(3);
        second.breaksOffAfter(4);
        assertThatThrownBy(this::fetch).hasMessageContaining("before its answer was whole");
        own = Blobs.in(folder.resolve("own"));

        second.breaksOffAfter(Integer.MAX_VALUE);
        first.breaksOffAfter(0);
        fetch();

        assertThat(second.asked).containsExactly(3L, 7L);
        assertThat(own.has(blob(LAYER))).isTrue();
    }

    @Test
    void bytes_that_are_not_the_blobs_are_thrown_away_and_another_is_asked() throws Exception {
        first.lies();

        fetch();

        assertThat(second.asked).containsExactly(0L);
        assertThat(own.has(blob(LAYER))).isTrue();
    }

    @Test
    void where_nobody_gives_it_why_not_is_said_of_each() throws IOException {
        first.lies();
        Files.delete(folder.resolve("second/blobs").resolve(blob(LAYER).digest()));

        assertThatThrownBy(this::fetch)
                .hasMessageContaining("image app:1: blob " + blob(LAYER).label())
                .hasMessageContaining("first: what came as blob")
                .hasMessageContaining("has another digest")
                .hasMessageContaining("second: HTTP 404 no blob");
    }

    @Test
    void a_disk_that_is_damaged_at_its_holder_is_no_ones_source() throws IOException {
        Path file = folder.resolve("first/blobs").resolve(blob(LAYER).digest());
        Files.write(file, new byte[LAYER.length]);

        fetch();

        assertThat(file).doesNotExist();
        assertThat(own.has(blob(LAYER))).isTrue();
    }

    @Test
    void how_far_it_is_and_from_whom_is_said() throws IOException {
        fetch();

        assertThat(said)
                .first()
                .asString()
                .startsWith("image app:1 is not here yet: 0.0 of 0.0 MB from ");
    }
}
