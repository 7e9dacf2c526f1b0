package flotilla.platform.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir Path directory;

    @Test
    void new_contents_take_the_place_of_the_old_and_leave_nothing_beside_them() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old, and longer");

        AtomicFile.at(file).replace("new");

        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void a_file_has_the_mode_that_was_asked_for() throws IOException {
        AtomicFile.at(directory.resolve("open")).replace("");
        AtomicFile.secretAt(directory.resolve("secret")).replace("");
        AtomicFile.at(directory.resolve("run"))
                .withMode(PosixFilePermissions.fromString("rwxrwxrwx"))
                .unsynced()
                .replace("");

        assertThat(mode("open")).isEqualTo("rw-r--r--");
        assertThat(mode("secret")).isEqualTo("rw-------");
        assertThat(mode("run")).isEqualTo("rwxrwxrwx");
    }

    @Test
    void nobody_else_may_read_a_file_before_it_has_its_mode() throws IOException {
        AtomicFile.at(directory.resolve("file"))
                .prepared(fresh ->
                        assertThat(Files.getPosixFilePermissions(fresh))
                                .isEqualTo(PosixFilePermissions.fromString("rw-------")))
                .replace("text");

        assertThat(directory.resolve("file")).hasContent("text");
    }

    @Test
    void a_link_is_replaced_not_followed() throws IOException {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "kept");
        Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);

        AtomicFile.at(link).replace("new");

        assertThat(link).isRegularFile().hasContent("new");
        assertThat(elsewhere).hasContent("kept");
    }

    @Test
    void a_file_becomes_a_link() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");

        AtomicFile.at(file).replaceByLink(Path.of("/dev/null"));

        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("/dev/null"));
        assertThat(names()).containsExactly("file");
    }

    @Test
    void a_failure_names_file_and_step_and_leaves_everything_as_before() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Path occupied = Files.createDirectories(directory.resolve("occupied"));
        Files.createDirectories(occupied.resolve("deep"));
        Path nowhere = directory.resolve("none/file");

        assertThatThrownBy(() -> AtomicFile.at(occupied).replace("new"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "can't replace " + occupied + ": can't rename the new file: ");
        assertThatThrownBy(() -> AtomicFile.at(nowhere).replace("new"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "can't replace " + nowhere + ": can't make a file beside it: ");
        assertThatThrownBy(() ->
                        AtomicFile.at(file)
                                .prepared(_ -> {
                                    throw new IOException("no such user");
                                })
                                .replace("new"))
                .isInstanceOf(IOException.class)
                .hasMessage("no such user");

        assertThat(file).hasContent("old");
        assertThat(names()).containsExactlyInAnyOrder("file", "occupied");
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve(name)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
