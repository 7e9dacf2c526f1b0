package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The answers of coreos-cloudinit -validate, word for word: strict.txt holds them, case by case.
 */
class StrictTest {
    /**
     * @param document behind the header
     * @param answers the lines that the original prints, by line
     */
    record Case(String title, String document, List<String> answers) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String block : transcript().split("\n\n")) {
            List<String> lines = block.lines().toList();
            cases.add(
                    new Case(
                            lines.getFirst().substring(2),
                            String.join("\n", behind("| ", lines))
                                    .replace("<tab>", "\t")
                                    .replace("<cr>", "\r"),
                            behind("> ", lines)));
        }
        return cases.stream();
    }

    private static List<String> behind(String mark, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .toList();
    }

    private static String transcript() {
        try (InputStream in = StrictTest.class.getResourceAsStream("strict.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_document_is_answered_as_the_original_answered_it(Case one) {
        String text = "#cloud-config\n" + one.document();

        Reading reading = CloudConfig.read(text, Mode.STRICT);

        assertThat(reading.problems()).map(Problem::original).isEqualTo(one.answers());
    }

    @ParameterizedTest
    @CsvSource({
        "'a: 1\n- b', did not find expected key",
        "'- a\nb: 1', did not find expected '-' indicator"
    })
    void a_block_that_does_not_go_on_is_told_what_was_expected(String document, String words) {
        assertThat(CloudConfig.read("#cloud-config\n" + document, Mode.STRICT).problems())
                .map(Problem::message)
                .singleElement()
                .asString()
                .endsWith(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#!/bin/bash\necho hi",
                "#!",
                "{\"ignitionVersion\": 1}",
                "{\"ignition\": {\"version\": \"2.0.0\"}}",
                "#cloud-config",
                "#cloud-config \t\r\nhostname: a"
            })
    void a_kind_that_the_original_knew_has_no_answer(String text) {
        assertThat(CloudConfig.read(text, Mode.STRICT).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# cloud-config",
                " #cloud-config",
                "\n#cloud-config",
                "#Cloud-Config",
                "#cloud-config foo",
                "\uFEFF#cloud-config",
                "hostname: a",
                "{\"ignition\": {}}",
                "{}",
                " #!/bin/sh"
            })
    void any_other_first_line_is_refused_in_one_sentence(String text) {
        assertThat(CloudConfig.read(text, Mode.STRICT).problems())
                .map(Problem::original)
                .containsExactly("line 1: error: must be \"#cloud-config\" or begin with \"#!\"");
    }

    @Test
    void the_document_is_what_the_original_applied() {
        Reading reading =
                CloudConfig.read(
                        """
                        #cloud-config
                        hostname: a_b
                        units:
                          - name: top.service
                            command: start
                        coreos:
                          units:
                            - name: etcd.service
                              command: start
                        """,
                        Mode.STRICT);

        CloudConfig document = reading.document().orElseThrow();
        assertThat(document.hostname()).contains("a_b");
        assertThat(document.units()).map(CloudConfig.Unit::name).containsExactly("etcd.service");
    }
}
