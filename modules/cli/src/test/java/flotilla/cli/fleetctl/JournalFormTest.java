package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.api.JournalLineBody;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside what journalctl 252 prints of the same line, but for the colon in the zone that later ones
 * have.
 */
class JournalFormTest {
    private static final JournalLineBody LINE =
            new JournalLineBody(
                    "2026-12-01T02:03:04.123456Z", "a.service", "echo", 42, "Hello.\nYou.");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static JournalForm form(String word) {
        return new JournalForm.Named().convert(word);
    }

    @ParameterizedTest
    @CsvSource({
        "short, Dec 01 03:03:04",
        "SHORT, Dec 01 03:03:04",
        "short-precise, Dec 01 03:03:04.123456",
        "short-full, Tue 2026-12-01 03:03:04 CET",
        "short-iso, 2026-12-01T03:03:04+01:00",
        "short-iso-precise, 2026-12-01T03:03:04.123456+01:00",
        "short-unix, 1796090584.123456"
    })
    void a_line_has_its_time_as_journalctl_writes_it(String word, String time) {
        String head = time + " core-01 echo[42]: ";

        assertThat(form(word).text("core-01", LINE, BERLIN))
                .isEqualTo(head + "Hello.\n" + " ".repeat(head.length()) + "You.");
    }

    @Test
    void the_unit_may_stand_for_what_logged() {
        assertThat(form("with-unit").text("core-01", LINE, BERLIN))
                .startsWith("Tue 2026-12-01 03:03:04 CET core-01 a.service[42]: Hello.\n");
    }

    @Test
    void a_message_is_all_of_it_where_nothing_else_is_wanted() {
        assertThat(form("cat").text("core-01", LINE, BERLIN)).isEqualTo("Hello.\nYou.");
    }

    @Test
    void json_has_a_line_each_or_a_field_each() {
        assertThat(form("json").text("core-01", LINE, BERLIN))
                .isEqualTo(
                        "{\"time\":\"2026-12-01T02:03:04.123456Z\",\"unit\":\"a.service\",\"identifier\":\"echo\",\"pid\":42,\"message\":\"Hello.\\nYou.\"}");
        assertThat(form("json-pretty").text("core-01", LINE, BERLIN))
                .contains("\"pid\" : 42")
                .hasLineCount(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verbose", "export", "short-monotonic", "json-sse"})
    void what_takes_fields_that_fleet_does_not_have_is_sent_to_the_journal(String word) {
        assertThatThrownBy(() -> form(word))
                .hasMessageContaining("fleetctl ssh UNIT journalctl -u UNIT -o " + word);
    }

    @Test
    void another_word_is_answered_with_those_that_there_are() {
        assertThatThrownBy(() -> form("shrt")).hasMessageContaining("short-iso-precise");
    }
}
