package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cloud-config's YAML means: tags, anchors, merge keys, and how much of it is taken. */
class YamlTest {
    @Test
    void binary_is_written_as_the_bytes_that_it_holds() {
        WrittenFile file =
                file(
                        """
                        write_files:
                          - path: /a
                            content: !!binary |
                              AP8g
                              CgA=
                        """);

        assertThat(file.content()).containsExactly(0, 0xff, ' ', '\n', 0);
    }

    @Test
    void binary_that_is_no_text_is_no_text() {
        assertProblems(
                "hostname: !!binary /w==\n",
                "2:11: error: \"hostname\" must be a text, this is binary");
        assertThat(read("hostname: !!binary d2Vi\n").document().orElseThrow().hostname())
                .contains("web");
    }

    @Test
    void a_merge_key_brings_in_what_is_not_said() {
        String text =
                """
                x-base: &base
                  permissions: 0600
                  owner: root
                x-other: &other {permissions: 0640, encoding: b64}
                write_files:
                  - <<: *base
                    path: /one
                  - path: /two
                    permissions: 0700
                    <<: [*base, *other]
                    content: aGk=
                """;

        List<WrittenFile> files = read(text).document().orElseThrow().writeFiles();

        assertThat(files).map(WrittenFile::permissions).containsExactly(0600, 0700);
        assertThat(files.getLast().owner()).contains("root");
        assertThat(files.getLast().content()).asString(StandardCharsets.UTF_8).isEqualTo("hi");
    }

    @Test
    void an_alias_is_its_anchors_value() {
        CloudConfig document =
                read("hostname: &name web\ncoreos: {etcd: {name: *name}}\n")
                        .document()
                        .orElseThrow();

        assertThat(document.etcd()).containsEntry("name", "web");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostname: !mine web | 2:11: error: the tag !mine has no meaning here: write the value without it",
                "hostname: !!int web | 2:11: error: cannot decode !!str `web` as a !!int",
                "hostname: *web | 2:11: error: unknown anchor 'web' referenced",
                "coreos: &a {etcd: *a} | 2:19: error: anchor 'a' value contains itself",
                "<<: web | 2:5: error: map merge requires map or sequence of maps as the value",
                "coreos: !!set {etcd} | 2:9: error: the tag !!set has no meaning here: write the value without it",
                "? [a] | 2:3: error: a key must be a word",
                "ssh_authorized_keys: !!map [a] | 2:22: error: the tag !!map has no meaning here: write the value without it",
            })
    void what_cant_be_honoured_is_an_error_with_its_place(String document, String problem) {
        assertThat(read(document + "\n").problems()).map(Problem::toString).contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<<: {hostname: web} | web",
                "!!merge <<: {hostname: web} | web",
                "!!merge x: {hostname: web} | web",
                "!!str <<: {hostname: web} |",
                "\"<<\": {hostname: web} |"
            })
    void a_merge_key_is_the_plain_sign_or_what_is_tagged_as_one(String document, String hostname) {
        assertThat(read(document + "\n").document().orElseThrow().hostname())
                .isEqualTo(Optional.ofNullable(hostname));
    }

    @Test
    void a_second_document_is_not_passed_over_in_silence() {
        assertProblems(
                "hostname: a\n---\nhostname: b\n",
                "3:1: error: a second document begins here: only the first is read");
    }

    @ParameterizedTest
    @CsvSource({
        "yes,true",
        "on,true",
        "1,true",
        "t,true",
        "TRUE,true",
        "'\"yes\"',true",
        "no,false",
        "off,false",
        "0,false",
        "F,false",
    })
    void a_services_flag_takes_the_words_of_yaml_and_of_the_services(String word, String meant) {
        CloudConfig document =
                read("coreos:\n  fleet: {disable-engine: %s}\n  etcd2: {debug: %s}\n  etcd: {snapshot: %s}\n"
                                .formatted(word, word, word))
                        .document()
                        .orElseThrow();

        assertThat(document.fleet()).containsEntry("disable_engine", meant);
        assertThat(document.etcd2()).containsEntry("debug", meant);
        assertThat(document.etcd()).containsEntry("snapshot", meant);
    }

    @ParameterizedTest
    @CsvSource({"10,10", "0x10,16", "010,8", "1_000,1000", "-3,-3", "'\"7\"',7"})
    void a_services_number_is_the_number_that_yaml_reads(String written, String meant) {
        assertThat(
                        read("coreos: {fleet: {verbosity: %s}}\n".formatted(written))
                                .document()
                                .orElseThrow()
                                .fleet())
                .containsEntry("verbosity", meant);
    }

    @Test
    void what_no_service_would_read_is_refused_here() {
        assertProblems(
                "coreos: {fleet: {verbosity: much, disable_engine: maybe}}\n",
                "2:29: error: \"verbosity\" must be a whole number, this is \"much\"",
                "2:51: error: \"disable_engine\" must be true or false, this is \"maybe\"");
    }

    @Test
    void a_time_of_day_is_a_text_and_no_number() {
        assertThat(read("coreos: {etcd: {name: 1:30}}\n").document().orElseThrow().etcd())
                .containsEntry("name", "1:30");
    }

    @Test
    void a_long_value_may_be_aliased_only_so_often() {
        StringBuilder text = new StringBuilder("x: &x \"" + "a".repeat(400_000) + "\"\nkeys:\n");
        text.append("  - *x\n".repeat(10_000));

        assertThat(read(text.toString()).problems())
                .map(Problem::message)
                .singleElement()
                .asString()
                .startsWith("with its aliases put in the document is larger than");
    }

    @Test
    void aliases_of_aliases_are_counted_before_they_are_put_in() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(read(text.toString()).hasErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "hostname: \",\\,\"",
        "hostname: \",a ,\"",
        "'hostname: a',' ',''",
        "'hostname: ',[,''",
        "'hostname: ','- ',''",
        "'ssh_authorized_keys:\n','- a\n',''",
        "'','bad%d: 1\n',''",
        "'coreos:\n  locksmith: {window_length: ',a,'!}'",
        "'coreos:\n  etcd: {discovery: http://',a,' }'",
        "'hostname: ',a.,''",
        "'hostname: ',&a ,''",
    })
    void a_document_as_large_as_may_be_is_read_or_refused(String head, String one, String tail) {
        StringBuilder text = new StringBuilder("#cloud-config\n" + head);
        for (int i = 0; text.length() < 1_000_000; i++) {
            text.append(one.replace("%d", String.valueOf(i)));
        }
        text.append(tail);

        for (Mode mode : Mode.values()) {
            Reading reading = CloudConfig.read(text.toString(), mode);
            assertThat(reading.document().isPresent() || reading.hasErrors()).isTrue();
            assertThat(reading.problems()).hasSizeLessThanOrEqualTo(200_000);
        }
    }

    private static Reading read(String document) {
        return CloudConfig.read("#cloud-config\n" + document, Mode.LENIENT);
    }

    private static WrittenFile file(String document) {
        return read(document).document().orElseThrow().writeFiles().getFirst();
    }

    private static void assertProblems(String document, String... expected) {
        assertThat(read(document).problems()).map(Problem::toString).containsExactly(expected);
    }
}
