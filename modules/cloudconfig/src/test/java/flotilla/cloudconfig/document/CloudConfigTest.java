package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudConfigTest {
    @Test
    void every_problem_is_told_at_once_with_its_place() {
        assertProblems(
                """
                #cloud-config
                hostnam: web
                coreos:
                  etcd:
                    adr: 10.0.0.1:4001
                    discovery:
                  units:
                    - name: web.service
                      command: launch
                      enable: maybe
                    - content: nothing
                write_files:
                  - path: relative
                    content: x
                  - path: /etc/a
                    permissions: 0999
                  - path: /etc/b
                    encoding: base64
                    content: "***"
                ssh_authorized_keys: ssh-rsa AAAA
                """,
                "2:1: warning: unknown key \"hostnam\": did you mean \"hostname\"?",
                "5:5: warning: unknown key \"adr\": did you mean \"addr\"?",
                "6:15: warning: \"discovery\" is empty and counts as not given",
                "9:7: error: \"launch\" is not allowed here: give one of start, stop, restart, reload, try-restart, reload-or-restart, reload-or-try-restart",
                "10:15: error: \"enable\" must be true or false, this is \"maybe\"",
                "11:7: error: a unit needs a name",
                "13:5: error: the path \"relative\" must begin with / and name a file",
                "16:5: error: \"0999\" is not allowed here: give an octal mode such as 0644",
                "19:5: error: content cannot be decoded as \"base64\"",
                "20:22: error: \"ssh_authorized_keys\" must be a list (lines that begin with \"- \"), this is \"ssh-rsa AAAA\"");
    }

    @Test
    void what_is_empty_or_not_applied_refuses_nothing() {
        assertProblems(
                """
                #cloud-config
                ssh_authorized_keys:
                #  - ssh-rsa AAAA
                manage_etc_hosts: localhost
                coreos:
                  units:
                    - name: 00-eth0.network
                      content: "[Match]"
                """,
                "2:21: warning: \"ssh_authorized_keys\" is empty and counts as not given",
                "4:1: warning: \"manage_etc_hosts\" is read but not applied",
                "7:7: warning: 00-eth0.network is systemd-networkd's, not a unit's file: skipped");
    }

    @Test
    void a_name_that_the_init_would_refuse_is_refused_here() {
        assertProblems(
                """
                #cloud-config
                coreos:
                  units:
                    - name: etcd
                      command: start
                    - name: docker.service
                      command: start
                      drop_ins:
                        - name: 50-proxy
                          content: "[Service]"
                """,
                "4:7: error: invalid unit type 'etcd' in unit name 'etcd'",
                "9:11: error: \"50-proxy\" is no drop-in's name: give one like 50-proxy.conf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//etc/passwd", "/./etc//passwd"})
    void a_path_is_read_without_its_empty_parts(String path) {
        Reading reading =
                CloudConfig.read("#cloud-config\nwrite_files:\n  - path: " + path, Mode.LENIENT);

        assertThat(reading.document().orElseThrow().writeFiles())
                .map(WrittenFile::path)
                .containsExactly("/etc/passwd");
        assertProblems(
                "#cloud-config\nwrite_files:\n  - path: //usr/bin/ls\n",
                "3:5: error: file cannot be written to a read-only filesystem");
    }

    @Test
    void bad_yaml_is_told_with_its_place_and_nothing_is_applied() {
        Reading reading = CloudConfig.read("#cloud-config\ncoreos:\n  etcd: [1, 2\n", Mode.LENIENT);

        assertThat(reading.document()).isEmpty();
        assertThat(reading.problems()).hasSize(1);
        assertThat(reading.problems().getFirst().toString())
                .startsWith("4:1: error: this is no YAML: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#Cloud-Config", " #cloud-config", "#cloud-config foo", "#  cloud-config"})
    void a_header_that_is_nearly_right_is_accepted_with_a_warning(String header) {
        Reading reading = CloudConfig.read(header + "\nhostname: a\n", Mode.LENIENT);

        assertThat(reading.document()).isPresent();
        assertThat(reading.problems()).hasSize(1);
        assertThat(CloudConfig.read(header + "\nhostname: a\n", Mode.STRICT).document()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"yes,true", "on,true", "True,true", "no,false", "off,false"})
    void flags_are_read_as_yaml_1_1_wrote_them(String written, boolean meant) {
        Reading reading =
                CloudConfig.read(
                        "#cloud-config\ncoreos:\n  units:\n    - name: a.service\n      content: x\n      runtime: "
                                + written,
                        Mode.LENIENT);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.document().orElseThrow().units().getFirst().runtime()).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"0744,484", "744,484", "'\"0600\"',384"})
    void permissions_are_octal_however_they_are_written(String written, int mode) {
        Reading reading =
                CloudConfig.read(
                        "#cloud-config\nwrite_files:\n  - path: /a\n    permissions: " + written,
                        Mode.LENIENT);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.document().orElseThrow().writeFiles().getFirst().permissions())
                .isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"b64,aGVsbG8=", "gzip+base64,H4sIAAAAAAAA/8tIzcnJBwCGphA2BQAAAA=="})
    void contents_are_unpacked(String encoding, String content) {
        Reading reading =
                CloudConfig.read(
                        "#cloud-config\nwrite_files:\n  - path: /a\n    encoding: %s\n    content: %s\n"
                                .formatted(encoding, content),
                        Mode.LENIENT);

        WrittenFile file = reading.document().orElseThrow().writeFiles().getFirst();
        assertThat(new String(file.content(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }

    @Test
    void dashes_and_underscores_in_keys_are_the_same_and_the_last_of_two_counts() {
        Reading reading =
                CloudConfig.read(
                        """
                        #cloud-config
                        coreos:
                          etcd:
                            peer-addr: a:1
                            peer_addr: b:1
                        """,
                        Mode.LENIENT);

        assertThat(reading.document().orElseThrow().etcd()).containsEntry("peer_addr", "b:1");
        assertThat(reading.problems())
                .map(Problem::toString)
                .containsExactly(
                        "5:5: warning: \"peer_addr\" is given twice: this one counts, not that of line 4");
    }

    @Test
    void what_is_read_but_not_applied_is_said() {
        assertProblems(
                """
                #cloud-config
                coreos:
                  update:
                    reboot-strategy: off
                """,
                "3:3: warning: \"update\" is read but not applied");
    }

    @Test
    void a_value_that_would_break_out_of_its_unit_file_is_refused() {
        assertProblems(
                "#cloud-config\ncoreos:\n  fleet:\n    metadata: \"a=1\\nExecStart=/bin/evil\"\n",
                "4:5: error: the value of \"metadata\" has a line break, which a unit's Environment= can't hold");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#cloud-config\n- a\n- b\n",
                "#cloud-config\na: &x [*x]\n",
                "#cloud-config\n? [a]\n: b\n",
                "#cloud-config\n{{{{\n",
                "#cloud-config\n\tcoreos:\n"
            })
    void a_document_of_the_wrong_kind_is_an_error_not_an_accident(String text) {
        assertThat(CloudConfig.read(text, Mode.LENIENT).problems()).isNotEmpty();
    }

    @Test
    void no_text_makes_the_reader_throw() {
        Random random = new Random(20141117);
        List<String> pieces =
                List.of(
                        "#cloud-config\n",
                        "coreos",
                        ":",
                        "\n",
                        "  ",
                        "- ",
                        "units",
                        "name",
                        "&a",
                        "*a",
                        "[",
                        "]",
                        "{",
                        "}",
                        "\"",
                        "'",
                        "|",
                        ">",
                        "!!int",
                        "\t",
                        "\u0000",
                        "é",
                        "%",
                        "@",
                        "0644",
                        "etcd",
                        "write_files",
                        "path: /x",
                        "?",
                        "---",
                        "...",
                        ",",
                        "#",
                        "yes",
                        "~");
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder("#cloud-config\n");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            for (Mode mode : Mode.values()) {
                Reading reading = CloudConfig.read(text.toString(), mode);
                assertThat(reading.document().isPresent() || reading.hasErrors())
                        .as("seed 20141117, round %d: %s", round, text)
                        .isTrue();
            }
        }
    }

    private static void assertProblems(String text, String... expected) {
        assertThat(CloudConfig.read(text, Mode.LENIENT).problems())
                .map(Problem::toString)
                .containsExactly(expected);
    }
}
