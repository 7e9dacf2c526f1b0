package flotilla.platform.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both directories must do alike. */
class DirectoryTest {
    @TempDir static Path path;

    static Stream<Directory> both() throws IOException {
        return Stream.of(
                HostDirectory.at(Files.createTempDirectory(path, "host")),
                new SimulatedDisk().directory("disk"));
    }

    private static void write(StoredFile file, String text, long position) throws IOException {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), position);
    }

    private static String read(StoredFile file, long position, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        file.read(into, position);
        return new String(into.array(), 0, into.position(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("both")
    void what_is_written_at_a_place_is_read_from_it(Directory directory) throws IOException {
        try (StoredFile file = directory.create("a")) {
            write(file, "0123456789", 0);
            write(file, "xyz", 1_000);
            write(file, "AB", 4);

            assertThat(file.size()).isEqualTo(1_003);
            assertThat(read(file, 0, 10)).isEqualTo("0123AB6789");
            assertThat(read(file, 1_001, 10)).isEqualTo("yz");
            assertThat(read(file, 998, 3)).isEqualTo("\0\0x");
            assertThat(read(file, 2_000, 10)).isEmpty();
            file.sync();
        }
        try (StoredFile again = directory.open("a")) {
            assertThat(read(again, 1_000, 3)).isEqualTo("xyz");
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void files_are_known_by_their_names(Directory directory) throws IOException {
        directory.create("b").close();
        directory.create("a").close();
        try (StoredFile file = directory.create("c")) {
            write(file, "c", 0);
        }
        directory.rename("c", "b");
        directory.delete("a");
        directory.sync();

        assertThat(directory.names()).containsExactly("b");
        assertThat(directory.place("b")).endsWith("/b");
        try (StoredFile file = directory.open("b")) {
            assertThat(read(file, 0, 9)).isEqualTo("c");
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void what_is_not_there_or_there_already_is_refused(Directory directory) throws IOException {
        directory.create("a").close();

        assertThatThrownBy(() -> directory.create("a")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.open("b")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.delete("b")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.rename("b", "c")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_deleted_file_can_be_read_by_who_has_it_open_and_a_closed_one_by_nobody(
            Directory directory) throws IOException {
        StoredFile file = directory.create("a");
        write(file, "a", 0);
        directory.delete("a");
        assertThat(read(file, 0, 9)).isEqualTo("a");

        file.close();

        assertThatThrownBy(() -> read(file, 0, 9)).isInstanceOf(ClosedChannelException.class);
    }
}
