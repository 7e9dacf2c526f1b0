package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cloudconfig.plan.Action.AuthorizeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshDirectoryTest {
    @TempDir Path root;
    private Path ssh;

    @BeforeEach
    void whereTheKeysAre() {
        ssh = root.resolve("home/core/.ssh");
    }

    @Test
    void keys_of_files_without_a_last_line_break_stay_apart() throws IOException {
        Files.createDirectories(ssh.resolve("authorized_keys.d"));
        Files.writeString(ssh.resolve("authorized_keys.d/a"), "ssh-rsa A");
        Files.writeString(ssh.resolve("authorized_keys.d/z"), "ssh-rsa Z");

        authorize("ssh-rsa C");

        assertThat(ssh.resolve("authorized_keys")).hasContent("ssh-rsa A\nssh-rsa C\nssh-rsa Z\n");
    }

    @Test
    void keys_put_in_by_hand_stay_and_those_withdrawn_go() throws IOException {
        authorize("ssh-rsa OLD", "ssh-rsa BOTH");
        Files.writeString(
                ssh.resolve("authorized_keys"),
                Files.readString(ssh.resolve("authorized_keys"))
                        + "# mine\nfrom=\"10.0.0.1\" ssh-rsa HAND caf\u00e9");

        authorize("ssh-rsa BOTH", "ssh-rsa NEW");
        authorize("ssh-rsa BOTH", "ssh-rsa NEW");

        assertThat(ssh.resolve("authorized_keys"))
                .hasContent(
                        "ssh-rsa BOTH\nssh-rsa NEW\n# mine\nfrom=\"10.0.0.1\" ssh-rsa HAND caf\u00e9\n");
    }

    @Test
    void what_is_in_no_known_encoding_stays_as_it_is() throws IOException {
        Files.createDirectories(ssh);
        byte[] latin = {'s', 's', 'h', ' ', (byte) 0xe9, '\n'};
        Files.write(ssh.resolve("authorized_keys"), latin);

        authorize("k");

        assertThat(ssh.resolve("authorized_keys"))
                .hasBinaryContent(new byte[] {'k', '\n', 's', 's', 'h', ' ', (byte) 0xe9, '\n'});
    }

    @Test
    void files_belong_to_the_owner_of_the_home_and_nobody_else_reads_them() throws IOException {
        Path home = Files.createDirectories(root.resolve("home/core"));

        authorize("k");

        for (String file :
                List.of(
                        ".ssh",
                        ".ssh/authorized_keys",
                        ".ssh/authorized_keys.d",
                        ".ssh/authorized_keys.d/coreos-cloudinit")) {
            Path path = home.resolve(file);
            assertThat(Files.getAttribute(path, "unix:uid"))
                    .isEqualTo(Files.getAttribute(home, "unix:uid"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .endsWith("------");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".ssh", ".ssh/authorized_keys.d", ".ssh/authorized_keys"})
    void a_symbolic_link_in_a_home_is_not_followed(String link) throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Path path = root.resolve("home/core").resolve(link);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, elsewhere);

        assertThatThrownBy(() -> authorize("k"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(link + " is a symbolic link, which is not followed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void a_link_in_the_place_of_the_keys_own_file_is_replaced() throws IOException {
        Path victim = Files.writeString(root.resolve("victim"), "precious");
        Files.createDirectories(ssh.resolve("authorized_keys.d"));
        Files.createSymbolicLink(ssh.resolve("authorized_keys.d/coreos-cloudinit"), victim);

        authorize("k");

        assertThat(victim).hasContent("precious");
        assertThat(ssh.resolve("authorized_keys")).hasContent("k\n");
    }

    /** As a file it would be read, and its text put among the account's keys. */
    @Test
    void what_is_roots_is_not_read_for_the_account_that_linked_it_there() throws IOException {
        Strangers.needRoot();
        Path secret = Files.writeString(root.resolve("secret"), "precious\n");
        Files.createDirectories(ssh);
        Strangers.give(ssh);
        Strangers.give(root.resolve("home/core"));
        Files.createLink(ssh.resolve("authorized_keys"), secret);

        assertThatThrownBy(() -> authorizeThem("k"))
                .hasMessageContaining(
                        ".ssh/authorized_keys belongs to user 0, in a directory of user 65534");
        assertThat(ssh.resolve("authorized_keys.d")).isEmptyDirectory();
        assertThat(Owned.of(secret).uid()).isZero();
    }

    @Test
    void an_accounts_keys_are_its_own_below_a_home_that_is_made_for_it() throws IOException {
        Strangers.needRoot();

        authorizeThem("k");
        authorizeThem("l");

        assertThat(Owned.of(root.resolve("home/core")))
                .isEqualTo(new Owned(Strangers.UID, Strangers.UID, 0755));
        assertThat(Owned.of(ssh.resolve("authorized_keys.d")))
                .isEqualTo(new Owned(Strangers.UID, Strangers.UID, 0700));
        assertThat(Owned.of(ssh.resolve("authorized_keys")))
                .isEqualTo(new Owned(Strangers.UID, Strangers.UID, 0600));
        assertThat(ssh.resolve("authorized_keys")).hasContent("l\n");
    }

    @Test
    void a_home_that_is_another_accounts_gets_no_keys() throws IOException {
        Strangers.needRoot();
        Path home = Strangers.give(Files.createDirectories(root.resolve("home/core")), 12345);

        assertThatThrownBy(() -> authorizeThem("k"))
                .hasMessage(home + " belongs to user 12345, not to core: give it back (chown)");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void a_pipe_among_the_keys_keeps_nobody_waiting() throws Exception {
        Files.createDirectories(ssh);
        Path pipe = ssh.resolve("authorized_keys");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> authorize("k")).hasMessage(pipe + " is no file");
    }

    @Test
    void files_of_any_size_and_number_are_not_read() throws IOException {
        Path fragments = Files.createDirectories(ssh.resolve("authorized_keys.d"));
        Files.write(ssh.resolve("authorized_keys"), new byte[(1 << 20) + 1]);

        assertThatThrownBy(() -> authorize("k"))
                .hasMessage(ssh.resolve("authorized_keys") + " is larger than 1048576 bytes");

        for (int i = 0; i <= 1000; i++) {
            Files.createFile(fragments.resolve("f" + i));
        }
        assertThatThrownBy(() -> authorize("k"))
                .hasMessage(fragments + " has more than 1000 files");
    }

    private void authorizeThem(String... keys) throws IOException {
        new SshDirectory(
                        MachineTree.at(root),
                        new Home(
                                "/home/core",
                                OptionalInt.of(Strangers.UID),
                                OptionalInt.of(Strangers.UID)))
                .authorize(new AuthorizeKeys("core", "coreos-cloudinit", List.of(keys)));
    }

    private void authorize(String... keys) throws IOException {
        new SshDirectory(MachineTree.at(root), Home.byName("core"))
                .authorize(new AuthorizeKeys("core", "coreos-cloudinit", List.of(keys)));
    }
}
