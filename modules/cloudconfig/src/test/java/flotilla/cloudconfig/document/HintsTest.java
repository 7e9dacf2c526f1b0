package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said beyond the original, of values that it passed over or refused without a word. */
class HintsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coreos: {hostname: a} | 2:10: warning: unknown key \"hostname\": it belongs at the top level",
                "coreos: {write-files: []} | 2:10: warning: unknown key \"write_files\": it belongs at the top level",
                "reboot-strategy: off | 2:1: warning: unknown key \"reboot_strategy\": it belongs below \"coreos: update:\"",
                "drop-ins: [] | 2:1: warning: unknown key \"drop_ins\": it belongs in an entry of \"coreos: units:\"",
                "permissions: 0644 | 2:1: warning: unknown key \"permissions\": it belongs in an entry of \"write_files:\"",
                "discovery: http://h/x | 2:1: warning: unknown key \"discovery\": it belongs below \"coreos: etcd2:\", or below \"coreos: etcd:\"",
                "coreos: {etcd: {metadata: a=b}} | 2:17: warning: unknown key \"metadata\": it belongs below \"coreos: fleet:\"",
                "coreos: {etcd: {adr: a}} | 2:17: warning: unknown key \"adr\": did you mean \"addr\"?",
            })
    void a_key_at_the_wrong_place_is_told_where_it_belongs(String document, String problem) {
        assertProblems(document + "\n", problem);
    }

    @ParameterizedTest
    @CsvSource({"420,0420,0644", "493,,", "511,0511,0777", "448,,"})
    void permissions_in_decimal_are_questioned(String written, String octal, String meant) {
        String document = "write_files:\n  - {path: /a, permissions: " + written + "}\n";
        if (octal == null) {
            assertThat(read(document).hasErrors()).isTrue();
        } else {
            assertProblems(
                    document,
                    "3:16: warning: permissions are octal, so %s is %s: if %s was meant, which is %s in decimal, write %s"
                            .formatted(written, octal, meant, written, meant));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"644", "0420", "400", "755", "1777"})
    void permissions_in_octal_are_not(String written) {
        assertProblems("write_files:\n  - {path: /a, permissions: " + written + "}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_b", "A.b-c.D", "1", "_a"})
    void a_host_name_is_what_the_machine_takes(String name) {
        assertThat(read("hostname: " + name + "\n").document().orElseThrow().hostname())
                .contains(name);
    }

    @Test
    void a_host_name_has_64_characters_at_most() {
        assertThat(read("hostname: " + "a".repeat(64) + "\n").problems()).isEmpty();
        assertThat(read("hostname: " + "a".repeat(65) + "\n").hasErrors()).isTrue();
    }

    @Test
    void a_long_value_is_not_told_in_full() {
        assertThat(read("hostname: " + "a".repeat(40_000) + "\n").problems())
                .map(Problem::message)
                .singleElement()
                .asString()
                .hasSizeLessThan(500)
                .endsWith("no dot or dash at an end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a-", ".a", "a.", "a..b", "a.-b", "a b", "\u00e9", "a/b"})
    void any_other_host_name_is_refused(String name) {
        assertThat(read("hostname: \"" + name + "\"\n").hasErrors()).isTrue();
    }

    @Test
    void coreos_twice_is_taken_together() {
        Reading reading =
                read(
                        """
                        coreos:
                          etcd: {name: a, addr: "a:1"}
                          units: [{name: a.service, command: start}]
                        coreos:
                          etcd: {name: b}
                          fleet: {public-ip: c}
                        """);

        CloudConfig document = reading.document().orElseThrow();
        assertThat(document.etcd()).containsEntry("name", "b").containsEntry("addr", "a:1");
        assertThat(document.fleet()).containsEntry("public_ip", "c");
        assertThat(document.units()).hasSize(1);
        assertThat(reading.problems())
                .map(Problem::toString)
                .containsExactly(
                        "5:1: warning: \"coreos\" is given twice: this is taken together with that of line 2, and counts where both say something",
                        "6:3: warning: \"etcd\" is given twice: this is taken together with that of line 3, and counts where both say something",
                        "6:10: warning: \"name\" is given twice: this one counts, not that of line 3");
    }

    @Test
    void what_stands_beside_coreos_and_below_it_is_taken_together() {
        CloudConfig document =
                read("coreos: {etcd: {name: a}}\netcd: {name: b, addr: \"b:1\"}\n")
                        .document()
                        .orElseThrow();

        assertThat(document.etcd()).containsEntry("name", "a").containsEntry("addr", "b:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path: \"/etc/a\\0b\" | 3:6: error: no file can have this path: it has a control character",
                "path: \"/etc/a\\nb\" | 3:6: error: no file can have this path: it has a control character",
                "path: /a, owner: 'a b' | 3:16: error: \"a b\" is no owner: give USER, USER:GROUP or :GROUP",
                "path: /a, owner: 'a:b:c' | 3:16: error: \"a:b:c\" is no owner: give USER, USER:GROUP or :GROUP",
            })
    void a_file_that_no_machine_could_write_is_refused(String file, String problem) {
        assertProblems("write_files:\n  - {" + file + "}\n", problem);
    }

    @Test
    void a_file_of_which_a_part_is_wrong_is_not_written() {
        String document = "write_files:\n  - {path: /a, permissions: [0600], content: secret}\n";

        assertThat(read(document).hasErrors()).isTrue();
        assertThat(read(document).document().orElseThrow().writeFiles()).isEmpty();
    }

    @Test
    void the_files_of_a_document_have_a_limit_together() {
        byte[] packed = Samples.gzip(new byte[Encoding.BYTES_MAX / 2]);
        String content = java.util.Base64.getEncoder().encodeToString(packed);
        StringBuilder document = new StringBuilder("write_files:\n");
        for (int i = 0; i < 3; i++) {
            document.append(
                    "  - {path: /%d, encoding: gz+b64, content: %s}\n".formatted(i, content));
        }

        assertThat(read(document.toString()).problems())
                .map(Problem::message)
                .containsExactly(
                        "the files of this document have more than 16777216 bytes together");
    }

    @Test
    void a_key_of_two_lines_is_refused() {
        assertProblems(
                "ssh_authorized_keys: [\"ssh-rsa A\\nssh-rsa B\"]\n",
                "2:23: error: an ssh key is one line, this has a line break or a control character");
    }

    /** Nothing acts on them: what is wrong in them refuses nobody. */
    @Test
    void what_is_not_applied_is_looked_at_all_the_same() {
        assertProblems(
                """
                manage_etc_hosts: everything
                coreos:
                  oem: {ids: b}
                  update: {reboot-strategy: always}
                  locksmith: {window-start: noon, window-length: 1x2}
                """,
                "2:1: warning: \"everything\" is not allowed here: give localhost",
                "2:1: warning: \"manage_etc_hosts\" is read but not applied",
                "4:3: warning: \"oem\" is read but not applied",
                "4:9: warning: unknown key \"ids\": did you mean \"id\"?",
                "5:3: warning: \"update\" is read but not applied",
                "5:12: warning: \"always\" is not allowed here: give one of best-effort, etcd-lock, reboot, off",
                "6:3: warning: \"locksmith\" is read but not applied",
                "6:15: warning: \"noon\" is not allowed here: give a time such as 14:00 or Thu 23:00",
                "6:35: warning: \"1x2\" is not allowed here: give a duration such as 1h or 30m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#!/bin/sh | this is a script: only cloud-config documents are applied",
                "{\"ignition\": {\"version\": \"3.0.0\"}} | this is an Ignition document: only cloud-config documents are applied",
                "{\"ignition\": {\"config\": {}}} | the first line must be \"#cloud-config\", it is \"{\"ignition\": {\"config\": {}}}\"",
                "{\"ignition | the first line must be \"#cloud-config\", it is \"{\"ignition\"",
                "hostname: web | the first line must be \"#cloud-config\", it is \"hostname: web\"",
            })
    void a_document_of_another_kind_is_named(String text, String words) {
        assertThat(CloudConfig.read(text, Mode.LENIENT).problems())
                .map(Problem::message)
                .containsExactly(words);
    }

    private static Reading read(String document) {
        return CloudConfig.read("#cloud-config\n" + document, Mode.LENIENT);
    }

    private static void assertProblems(String document, String... expected) {
        assertThat(read(document).problems()).map(Problem::toString).containsExactly(expected);
    }
}
