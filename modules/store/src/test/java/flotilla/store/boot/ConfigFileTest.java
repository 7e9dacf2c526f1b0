package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir private Path directory;

    private static Map<String, String> parse(String... lines) {
        return ConfigFile.parse("e.yml", String.join("\n", lines) + "\n");
    }

    @Test
    void keys_are_flags_and_certificates_stand_in_sections() {
        assertThat(
                        parse(
                                "# This is the configuration file for the etcd server.",
                                "name: 'm1'",
                                "data-dir:",
                                "snapshot-count: 10000",
                                "cors: ~",
                                "initial-cluster: m1=http://127.0.0.1:2380",
                                "pre-vote: yes",
                                "auto-compaction-retention: \"1\"",
                                "grpc-keepalive-min-time: 5000000001",
                                "log-outputs: [stderr, /var/log/etcd]",
                                "client-transport-security:",
                                "  cert-file: c.pem",
                                "  client-cert-auth: on",
                                "peer-transport-security:",
                                "  trusted-ca-file: ca.pem",
                                "  auto-tls: false"))
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("name", "m1"),
                                Map.entry("snapshot-count", "10000"),
                                Map.entry("initial-cluster", "m1=http://127.0.0.1:2380"),
                                Map.entry("pre-vote", "true"),
                                Map.entry("auto-compaction-retention", "1"),
                                Map.entry("grpc-keepalive-min-time", "5s1ns"),
                                Map.entry("log-outputs", "stderr,/var/log/etcd"),
                                Map.entry("cert-file", "c.pem"),
                                Map.entry("client-cert-auth", "true"),
                                Map.entry("peer-trusted-ca-file", "ca.pem"),
                                Map.entry("peer-auto-tls", "false")));
    }

    @Test
    void a_file_that_says_nothing_gives_nothing() {
        assertThat(parse("# nothing")).isEmpty();
        assertThat(parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'name: a|bogus-key: 1', 'line 2: ''bogus-key'' is none of the keys'",
        "'config-file: other', 'line 1: ''config-file'' is none of the keys'",
        "'client-transport-security:|  crl: x', 'line 2: ''crl'' is none of the keys'",
        "'name: a|name: b', 'line 2: '",
        "'cert-file: a|client-transport-security: {cert-file: b}', 'line 2: ''cert-file'' stands there twice'",
        "'name: [x', 'line 2: '",
        "'- name', 'line 1: the file must hold'",
        "'client-transport-security: x', 'line 1: client-transport-security must hold'",
        "'name: {a: b}', 'line 1: ''name'' wants a value'",
        "'log-outputs: [[a]]', 'line 1: ''log-outputs'' wants words'",
    })
    void what_is_wrong_is_named_with_its_line(String text, String words) {
        assertThatThrownBy(() -> parse(text.split("\\|")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--config-file=e.yml, ")
                .hasMessageContaining(words);
    }

    @Test
    void flags_and_variables_beside_it_are_passed_over_and_its_values_are_checked_as_theirs()
            throws IOException {
        Path file = Files.writeString(directory.resolve("e.yml"), "name: of-the-file\n");
        List<String> flags = List.of("--config-file=" + file, "--data-dir=elsewhere");

        EtcdConfig config = EtcdConfig.parse(flags, Map.of("ETCD_NAME", "of-the-environment"));

        assertThat(config.name()).isEqualTo("of-the-file");
        assertThat(config.dataDir()).isEqualTo(Path.of("of-the-file.etcd"));
        Map<String, String> variable = Map.of("ETCD_CONFIG_FILE", file.toString());
        assertThat(EtcdConfig.parse(List.of(), variable).name()).isEqualTo("of-the-file");
        Files.writeString(file, "quota-backend-bytes: abc\n");
        assertThatThrownBy(() -> EtcdConfig.parse(flags, Map.of()))
                .hasMessageContaining("--quota-backend-bytes=abc is not a whole number");
        Files.delete(file);
        assertThatThrownBy(() -> EtcdConfig.parse(flags, Map.of()))
                .hasMessageContaining(file + ": no such file or directory");
    }
}
