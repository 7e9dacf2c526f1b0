package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is followed on the way to a file, and what is not. */
class MachineTreeTest {
    @TempDir Path parent;
    private Path root;

    @BeforeEach
    void aMachine() throws IOException {
        root = Files.createDirectories(parent.resolve("machine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run", "../run", "../../../run", "./../run/../run", "/run/again/.."})
    void a_link_of_roots_is_followed_inside_the_machine(String target) throws IOException {
        Files.createDirectories(root.resolve("run/again"));
        Files.createDirectory(root.resolve("var"));
        Files.createSymbolicLink(root.resolve("var/run"), Path.of(target));

        write("/var/run/a/file");

        assertThat(root.resolve("run/a/file")).hasContent("new");
        assertThat(parent.resolve("run")).doesNotExist();
    }

    @Test
    void the_directories_of_a_new_file_are_made_for_everybody_to_read() throws IOException {
        write("/srv/a/b/file");

        assertThat(mode("srv/a")).isEqualTo("rwxr-xr-x");
        assertThat(mode("srv/a/b")).isEqualTo("rwxr-xr-x");
        assertThat(mode("srv/a/b/file")).isEqualTo("rw-r--r--");
    }

    @Test
    void a_link_in_the_place_of_the_file_is_replaced_itself() throws IOException {
        Path victim = Files.writeString(parent.resolve("victim"), "precious");
        Files.createSymbolicLink(root.resolve("file"), victim);

        write("/file");

        assertThat(victim).hasContent("precious");
        assertThat(root.resolve("file")).isRegularFile().hasContent("new");
    }

    @Test
    void a_link_in_a_directory_that_others_may_write_is_not_followed() throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createSymbolicLink(
                Files.createDirectory(root.resolve("tmp")).resolve("a"), elsewhere);
        Files.setPosixFilePermissions(
                root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> write("/tmp/a/file"))
                .hasMessageContaining(root + "/tmp/a is a symbolic link, which is not followed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void links_that_lead_in_a_circle_are_told_of() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("a"));

        assertThatThrownBy(() -> write("/a/file"))
                .hasMessageContaining("is one symbolic link too many");
    }

    @Test
    void a_file_where_a_directory_should_be_is_named() throws IOException {
        Files.createFile(root.resolve("etc"));

        assertThatThrownBy(() -> write("/etc/a"))
                .hasMessage(root.resolve("etc") + " is no directory");
    }

    @Test
    void a_directory_in_the_place_of_the_file_stays_and_nothing_is_left_beside_it()
            throws IOException {
        Files.createDirectories(root.resolve("etc/a/b"));

        assertThatThrownBy(() -> write("/etc/a"))
                .hasMessageContaining(
                        "can't replace %s: can't rename the new file: Is a directory"
                                .formatted(root.resolve("etc/a")));
        assertThat(root.resolve("etc/a/b")).isDirectory();
        assertThat(root.resolve("etc")).isDirectoryNotContaining("glob:**/.new-*");
    }

    @Test
    void the_bits_above_the_modes_are_set_too() throws IOException {
        MachineTree.at(root)
                .at(
                        "/tool",
                        (directory, name) -> {
                            directory.replace(name, new byte[0], 04755, Optional.empty());
                            return name;
                        });

        assertThat(Files.getAttribute(root.resolve("tool"), "unix:mode")).isEqualTo(0104755);
    }

    @Test
    void a_link_of_another_account_is_not_followed() throws IOException {
        Strangers.needRoot();
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Strangers.give(Files.createSymbolicLink(root.resolve("a"), elsewhere));

        assertThatThrownBy(() -> write("/a/file"))
                .hasMessageContaining(root + "/a is a symbolic link, which is not followed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void a_link_of_roots_in_the_directory_of_another_account_is_not_followed() throws IOException {
        Strangers.needRoot();
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Path theirs = Strangers.give(Files.createDirectory(root.resolve("theirs")));
        Files.createSymbolicLink(theirs.resolve("a"), elsewhere);

        assertThatThrownBy(() -> write("/theirs/a/file"))
                .hasMessageContaining("theirs/a is a symbolic link, which is not followed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** It may have been moved there, with what is in it. */
    @Test
    void a_directory_of_roots_in_that_of_another_account_is_left_alone() throws IOException {
        Strangers.needRoot();
        Path theirs = Strangers.give(Files.createDirectory(root.resolve("theirs")));
        Path moved = Files.createDirectory(theirs.resolve("moved"));

        assertThatThrownBy(() -> write("/theirs/moved/file"))
                .hasMessageContaining(
                        "theirs/moved belongs to user 0, in a directory of user 65534, who may have moved it there");
        assertThat(moved).isEmptyDirectory();
    }

    @Test
    void what_is_made_in_an_accounts_directory_is_that_accounts_and_is_entered_again()
            throws IOException {
        Strangers.needRoot();
        Strangers.give(Files.createDirectory(root.resolve("theirs")));

        write("/theirs/a/b/file");
        write("/theirs/a/b/file");

        assertThat(Owned.of(root.resolve("theirs/a/b")))
                .isEqualTo(new Owned(Strangers.UID, Strangers.UID, 0755));
    }

    @Test
    void what_is_done_happens_in_the_directory_that_was_looked_at_whatever_has_its_name_by_then()
            throws IOException {
        Path victim = Files.createDirectory(root.resolve("victim"));
        Path held = Files.createDirectory(root.resolve("held"));
        Files.writeString(held.resolve("old"), "theirs");

        MachineTree.at(root)
                .at(
                        "/held/file",
                        (directory, name) -> {
                            Files.move(held, root.resolve("away"));
                            Files.createSymbolicLink(held, victim);
                            directory.replace(name, new byte[0], 0644, Optional.empty());
                            directory.enterOrMake("made", 0700, "").close();
                            assertThat(directory.read("old", 10)).isPresent();
                            assertThat(directory.files()).contains("old", "file");
                            return name;
                        });

        assertThat(victim).isEmptyDirectory();
        assertThat(root.resolve("away/file")).isRegularFile();
        assertThat(root.resolve("away/made")).isDirectory();
    }

    private void write(String path) throws IOException {
        MachineTree.at(root)
                .at(
                        path,
                        (directory, name) -> {
                            directory.replace(
                                    name,
                                    "new".getBytes(StandardCharsets.UTF_8),
                                    0644,
                                    Optional.empty());
                            return name;
                        });
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
    }
}
