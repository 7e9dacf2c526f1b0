package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.DropIn;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.CloudConfig.Unit;
import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document's values come out as, and what is said of those that are strange. */
class ValuesTest {
    @Test
    void drop_ins_and_keys_are_read_in_order() {
        CloudConfig document =
                read("""
                coreos:
                  units:
                    - name: a.service
                      drop_ins:
                        - {name: 10-a.conf, content: one}
                        - {name: 20-b.conf, content: two}
                ssh_authorized_keys:
                  - ssh-rsa AAAA me
                  - " "
                  - "ssh-rsa BBBB\\tyou "
                """)
                        .document()
                        .orElseThrow();

        assertThat(document.units().getFirst().dropIns())
                .containsExactly(new DropIn("10-a.conf", "one"), new DropIn("20-b.conf", "two"));
        assertThat(document.sshAuthorizedKeys())
                .containsExactly("ssh-rsa AAAA me", "ssh-rsa BBBB\tyou");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enable: true",
                "mask: true",
                "command: start",
                "content: x",
                "drop_ins: [{name: a.conf, content: x}]"
            })
    void a_unit_that_asks_for_one_thing_asks_for_something(String thing) {
        assertProblems("coreos: {units: [{name: a.service, " + thing + "}]}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", enable: false", ", mask: false", ", runtime: true"})
    void a_unit_that_asks_for_nothing_is_questioned(String rest) {
        assertProblems(
                "coreos: {units: [{name: a.service" + rest + "}]}\n",
                "2:18: warning: unit a.service asks for nothing: give it a content, drop-ins or a command");
    }

    /** What is wrong has been said. */
    @Test
    void a_unit_whose_command_is_refused_is_not_questioned_for_having_none() {
        assertThat(read("coreos: {units: [{name: a.service, command: launch}]}\n").problems())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{name: a.conf}", "{content: x}"})
    void a_drop_in_without_name_or_content_is_skipped_with_a_word(String dropIn) {
        Reading reading =
                read(
                        "coreos: {units: [{name: a.service, mask: true, drop_ins: ["
                                + dropIn
                                + "]}]}\n");

        assertThat(reading.document().orElseThrow().units())
                .map(Unit::dropIns)
                .containsExactly(List.of());
        assertThat(reading.problems())
                .map(Problem::toString)
                .containsExactly(
                        "2:59: warning: a drop-in needs a name and a content: this one is skipped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "etcd2"})
    void a_discovery_that_is_no_url_is_questioned_for_both_etcds(String etcd) {
        String key = "coreos: {" + etcd + ": {discovery: ";

        assertProblems(key + "http://127.0.0.1:8087/0123456789abcdef0123456789abcdef}}\n");
        assertThat(read(key + "discovery.etcd.io/new}}\n").problems())
                .map(Problem::message)
                .containsExactly(
                        "\"discovery.etcd.io/new\" is no URL of a discovery token: it looks like http://HOST/32-HEX-DIGITS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\\"a | quote",
                "a\\\" | quote",
                "\\na | line break",
                "a\\n | line break",
                "\\ra | line break",
                "\\x01a | control character",
                "a\\x7f | control character"
            })
    void a_value_breaks_out_of_its_unit_wherever_the_break_stands(String value, String what) {
        assertThat(read("coreos: {fleet: {metadata: \"" + value + "\"}}\n").problems())
                .map(Problem::message)
                .containsExactly(
                        "the value of \"metadata\" has a %s, which a unit's Environment= can't hold"
                                .formatted(what));
    }

    @Test
    void a_file_of_which_nothing_is_said_has_mode_0644() {
        assertThat(
                        read("write_files: [{path: /a, content: x}]\n")
                                .document()
                                .orElseThrow()
                                .writeFiles())
                .map(WrittenFile::permissions)
                .containsExactly(0644);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "/..", "/a/.."})
    void a_path_that_goes_back_names_no_file(String path) {
        Reading reading = read("write_files: [{path: " + path + ", content: x}]\n");

        assertThat(reading.hasErrors()).isTrue();
        assertThat(reading.document().orElseThrow().writeFiles()).isEmpty();
    }

    @Test
    void warnings_alone_are_no_errors() {
        Reading warned = read("reboot-strategy: off\n");

        assertThat(warned.problems()).isNotEmpty();
        assertThat(warned.hasErrors()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "units: [{name: a.service, mask: true}] | units",
                "fleet: {metadata: a=b} | fleet",
                "etcd: {addr: '1.2.3.4:4001'} | etcd"
            })
    void what_the_article_has_one_level_too_high_is_taken_with_a_warning(
            String document, String key) {
        assertProblems(
                document + "\n",
                "2:1: warning: \"%s:\" stands at the top level, where the original ignores it: put it below \"coreos:\", indented"
                        .formatted(key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coreos: 5 | \"coreos\" must be a mapping (key: value lines, indented), this is \"5\"",
                "coreos: {units: [{name: a.service, command: [start]}]} | \"command\" must be a text, this is a list",
                "hostname: {a: b} | \"hostname\" must be a text, this is a mapping"
            })
    void a_value_of_the_wrong_kind_is_told_the_right_one(String document, String words) {
        assertThat(read(document + "\n").problems()).map(Problem::message).contains(words);
    }

    private static Reading read(String document) {
        return CloudConfig.read("#cloud-config\n" + document, Mode.LENIENT);
    }

    private static void assertProblems(String document, String... expected) {
        assertThat(read(document).problems()).map(Problem::toString).containsExactly(expected);
    }
}
