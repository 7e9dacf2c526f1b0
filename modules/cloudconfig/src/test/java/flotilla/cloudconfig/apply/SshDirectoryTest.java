package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cloudconfig.plan.Action.AuthorizeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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

    private void authorize(String... keys) throws IOException {
        new SshDirectory(root, "core")
                .authorize(new AuthorizeKeys("core", "coreos-cloudinit", List.of(keys)));
    }
}
