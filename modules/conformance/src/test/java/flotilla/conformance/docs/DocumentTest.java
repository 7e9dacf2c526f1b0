package flotilla.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.conformance.docs.Block.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTest {
    @Test
    void commands_and_what_they_print_are_read_with_their_lines() {
        Document document =
                read("Type:", "", "```console", "$ one", "1", "", "uno", "$ two", "```", "End.");

        assertThat(document.faults()).isEmpty();
        assertThat(document.blocks())
                .containsExactly(
                        new Block(
                                "it.md:3",
                                "",
                                List.of(
                                        new Step(4, "one", List.of("1", "", "uno")),
                                        new Step(8, "two", List.of()))));
    }

    @Test
    void a_mark_directly_above_excuses_a_block_with_its_reason() {
        assertThat(
                        read("<!-- not replayed: needs a cloud -->", "```console", "$ buy", "```")
                                .blocks()
                                .getFirst()
                                .notReplayed())
                .isEqualTo("needs a cloud");
        assertThat(
                        read(
                                        "<!-- not replayed: needs a cloud -->",
                                        "",
                                        "```console",
                                        "$ buy",
                                        "```")
                                .blocks()
                                .getFirst()
                                .notReplayed())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    ```;ls;```                | a block of kind ''
                    ```sh;ls;```              | a block of kind 'sh'
                    ;"    ./flotilla up"      | an indented block
                    ```console;./flotilla;``` | output without a command above it
                    ```console;```            | a block without a command
                    ```console;$ ls           | a fence without its end
                    """)
    void a_block_of_which_nobody_can_tell_is_a_fault(String text, String fault) {
        Document document = read(text.replace("\"", "").split(";"));

        assertThat(document.faults()).singleElement().asString().contains(fault);
    }

    @Test
    void blocks_that_hold_no_commands_are_left_alone() {
        Document document =
                read("```ini", "[Service]", "```", "- item", "  ```text", "  x", "  ```");

        assertThat(document.faults()).isEmpty();
        assertThat(document.blocks()).isEmpty();
    }

    private static Document read(String... lines) {
        return Document.of("it.md", List.of(lines));
    }
}
