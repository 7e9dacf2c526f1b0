package flotilla.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as openssl writes them, good and bad. */
class PemFilesTest {
    @TempDir private static Path folder;
    private static Authority authority;

    @BeforeAll
    static void issue() throws Exception {
        authority = Authority.in(folder.resolve("ca"));
        authority.issue("ec", "DNS:a");
        authority.issue("rsa", "DNS:a", "rsa:2048");
        authority.issue("ed25519", "DNS:a", "ed25519");
        authority.issue("other", "DNS:a");
        authority.issue(
                "past",
                "DNS:a",
                "rsa:2048",
                "-startdate",
                "20200101000000Z",
                "-enddate",
                "20210101000000Z");
        authority.issue(
                "future",
                "DNS:a",
                "rsa:2048",
                "-startdate",
                "20480101000000Z",
                "-enddate",
                "20490101000000Z");
        authority.openssl("rsa -traditional -in rsa.key -out pkcs1.key");
        authority.openssl("ec -in ec.key -out sec1.key");
        authority.openssl("ecparam -name prime256v1 -out parameters");
        write("params-and-sec1.key", text("parameters") + text("sec1.key"));
        authority.openssl("pkey -aes256 -passout pass:x -in ec.key -out locked.key");
        authority.openssl("rsa -traditional -aes128 -passout pass:x -in rsa.key -out locked1.key");
        authority.openssl("x509 -in ec.pem -outform der -out ec.der");
        write("chain.pem", "a word before\n" + text("ec.pem") + "\nbetween\n" + text("ca.pem"));
        write("empty.pem", "");
        write("cut.pem", text("ec.pem").substring(0, 300) + "\n-----END CERTIFICATE-----\n");
        authority.openssl("x509 -trustout -in ec.pem -out trusted.pem");
        authority.revoke();
    }

    private static String text(String name) throws IOException {
        return Files.readString(authority.path(name));
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(authority.path(name), text);
    }

    private static Identity read(String certificate, String key) throws IOException {
        return Identity.read(authority.path(certificate), authority.path(key), Instant.now());
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.pem, rsa.key",
        "rsa.pem, pkcs1.key",
        "ec.pem, ec.key",
        "ec.pem, sec1.key",
        "ec.pem, params-and-sec1.key",
        "ed25519.pem, ed25519.key",
        "chain.pem, ec.key",
        "trusted.pem, ec.key"
    })
    void a_key_is_read_in_each_form_that_tools_write(String certificate, String key)
            throws Exception {
        Identity identity = read(certificate, key);

        assertThat(identity.chain().getFirst().getSubjectX500Principal().getName())
                .isEqualTo(
                        "CN="
                                + authority
                                        .path(
                                                certificate
                                                        .replace("chain", "ec")
                                                        .replace("trusted", "ec"))
                                        .getFileName()
                                        .toString()
                                        .replace(".pem", ""));
        assertThat(identity.chain()).hasSize(certificate.startsWith("chain") ? 2 : 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gone.pem   | ec.key     | gone.pem   | make it, or mend its path",
                "ec.pem     | gone.key   | gone.key   | make it, or mend its path",
                "empty.pem  | ec.key     | empty.pem  | it must be PEM",
                "ec.der     | ec.key     | ec.der     | -inform der",
                "cut.pem    | ec.key     | cut.pem    | ",
                "ec.key     | ec.key     | ec.key     | is it the right file?",
                "ec.pem     | ec.pem     | ec.pem     | holds no private key",
                "ec.pem     | parameters | parameters | holds no private key",
                "ec.pem     | locked.key | locked.key | openssl pkey -in",
                "rsa.pem    | locked1.key | locked1.key | has a password",
                "ec.pem     | other.key  | other.key  | name the key it was made with",
                "ec.pem     | rsa.key    | rsa.key    | name the key it was made with",
                "past.pem   | past.key   | past.pem   | put a new one in its place",
                "future.pem | future.key | future.pem | look at this machine's clock"
            })
    void a_file_that_can_t_be_used_is_named_with_what_to_do(
            String certificate, String key, String named, String advice) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(authority.path(named).toString())
                .hasMessageContaining(advice == null ? ":" : advice);
    }

    @Test
    void a_file_of_another_user_is_named() throws Exception {
        Assumptions.assumeFalse(
                "root".equals(System.getProperty("user.name")), "root may read every file");
        Path mine = Files.writeString(folder.resolve("not-mine.key"), text("ec.key"));
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("---------"));

        assertThatThrownBy(() -> Pem.read(mine)).hasMessageContaining("give it to the user");
    }

    @Test
    void a_list_that_is_none_and_authorities_that_are_none_are_named() {
        assertThatThrownBy(() -> Pem.read(authority.path("ec.pem")).revoked())
                .hasMessageContaining("ec.pem holds no revocation list");
        assertThatThrownBy(() -> Pem.read(authority.path("revoked.pem")).certificates())
                .hasMessageContaining("revoked.pem holds no certificate");
    }

    @Test
    void several_authorities_in_a_file_are_all_read() throws Exception {
        write("cas.pem", text("ca.pem") + text("other.pem"));

        assertThat(Pem.read(authority.path("cas.pem")).certificates()).hasSize(2);
        assertThat(Pem.read(authority.path("revoked.pem")).revoked()).isEmpty();
        assertThat(List.of(authority.file())).isNotEmpty();
    }
}
