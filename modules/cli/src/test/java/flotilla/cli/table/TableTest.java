package flotilla.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private record Row(String id, String ip, String metadata) {}

    private final Table<Row> table =
            new Table<Row>()
                    .field("machine", Row::id)
                    .field("ip", Row::ip)
                    .field("metadata", Row::metadata);

    @Test
    void the_articles_machine_table_lines_up_at_its_columns() {
        List<Row> rows =
                List.of(
                        new Row("12c469d0...", "10.102.100.105", ""),
                        new Row("93093555...", "10.102.101.102", ""));

        String text = table.text(List.of("machine", "ip", "metadata"), true, rows);

        assertThat(expandTabs(text))
                .isEqualTo(
                        """
                        MACHINE         IP              METADATA
                        12c469d0...     10.102.100.105  -
                        93093555...     10.102.101.102  -
                        """);
        assertThat(text.lines().toList().get(1).split("\t+"))
                .containsExactly("12c469d0...", "10.102.100.105", "-");
    }

    @Test
    void columns_come_in_the_order_asked_and_without_legend_if_asked() {
        String text =
                table.text(List.of("ip", "machine"), false, List.of(new Row("a", "1.2.3.4", "")));

        assertThat(text).isEqualTo("1.2.3.4\ta\n");
    }

    @Test
    void an_unknown_column_is_refused_in_fleetctls_words() {
        assertThatThrownBy(() -> table.text(List.of("colour"), true, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Invalid key in output format: \"colour\"");
    }

    private static String expandTabs(String text) {
        StringBuilder expanded = new StringBuilder();
        int column = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                int spaces = 8 - column % 8;
                expanded.repeat(' ', spaces);
                column += spaces;
            } else {
                expanded.append(c);
                column = c == '\n' ? 0 : column + 1;
            }
        }
        return expanded.toString();
    }
}
