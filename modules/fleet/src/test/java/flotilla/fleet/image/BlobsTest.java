package flotilla.fleet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.job.Blob;
import flotilla.platform.disk.DamagedFile;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on a machine's disk is whole, or is no blob. */
class BlobsTest {
    private static final byte[] BYTES = "some bytes of a layer".getBytes(StandardCharsets.UTF_8);
    private static final Blob BLOB = new Blob(TarFile.digest(BYTES), BYTES.length);

    @TempDir private Path folder;

    private Path directory = Path.of("");
    private Blobs blobs = Blobs.in(directory);

    @BeforeEach
    void some() {
        directory = folder.resolve("images");
        blobs = Blobs.in(directory);
    }

    private static byte[] part(int from, int to) {
        return Arrays.copyOfRange(BYTES, from, to);
    }

    @Test
    void a_blob_is_there_with_its_last_byte_and_for_its_owner_alone() throws Exception {
        assertThat(blobs.append(BLOB, 0, part(0, 5))).isEqualTo(5);
        assertThat(blobs.has(BLOB)).isFalse();

        assertThat(blobs.append(BLOB, 5, part(5, BYTES.length))).isEqualTo(BYTES.length);

        assertThat(blobs.has(BLOB)).isTrue();
        try (InputStream in = blobs.open(BLOB, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(BYTES);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void what_broke_off_goes_on_where_it_was_by_another_process_too() throws Exception {
        var _ = blobs.append(BLOB, 0, part(0, 9));
        Blobs again = Blobs.in(directory);
        assertThat(again.have(BLOB)).isEqualTo(9);

        assertThat(again.append(BLOB, 12, part(12, 15))).as("a gap").isEqualTo(9);
        assertThat(again.append(BLOB, 4, part(4, BYTES.length))).as("twice").isEqualTo(21);

        assertThat(again.has(BLOB)).isTrue();
    }

    @Test
    void bytes_that_are_not_what_they_were_said_to_be_leave_nothing() throws Exception {
        byte[] other = BYTES.clone();
        other[3]++;

        assertThatThrownBy(() -> blobs.append(BLOB, 0, other))
                .isInstanceOf(BadBlobException.class)
                .hasMessageContaining("has another digest");

        assertThat(blobs.have(BLOB)).isZero();
    }

    @Test
    void more_bytes_than_were_said_are_refused() {
        assertThatThrownBy(() -> blobs.append(BLOB, 0, new byte[BYTES.length + 1]))
                .isInstanceOf(BadBlobException.class)
                .hasMessageContaining("more came");
    }

    @Test
    void a_blob_that_the_disk_forgot_is_named_and_makes_room_for_a_whole_one() throws Exception {
        var _ = blobs.append(BLOB, 0, BYTES);
        Path file = directory.resolve("blobs").resolve(BLOB.digest());
        byte[] flipped = BYTES.clone();
        flipped[7] ^= 1;
        Files.write(file, flipped);

        assertThatThrownBy(() -> blobs.open(BLOB, 0))
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining(BLOB.digest());

        assertThat(blobs.has(BLOB)).isFalse();
        assertThat(blobs.append(BLOB, 0, BYTES)).isEqualTo(BYTES.length);
    }

    @Test
    void what_no_image_has_goes_when_it_is_old_enough() throws Exception {
        var _ = blobs.append(BLOB, 0, BYTES);
        Instant later = Instant.now().plus(Blobs.UNCLAIMED_MAX).plusSeconds(60);

        assertThat(blobs.sweep(Set.of(), Instant.now())).as("a push may be under way").isZero();
        assertThat(blobs.sweep(Set.of(BLOB.digest()), later)).as("an image has it").isZero();
        assertThat(blobs.sweep(Set.of(), later)).isEqualTo(1);
        assertThat(blobs.has(BLOB)).isFalse();
    }
}
