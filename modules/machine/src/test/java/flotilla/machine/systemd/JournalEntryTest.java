package flotilla.machine.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.JournalLine;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalEntryTest {
    @Test
    void a_line_is_its_units_with_time_and_cursor() {
        assertThat(
                        JournalEntry.parse(
                                """
                                {"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1500000001234567","_PID":"7",
                                "SYSLOG_IDENTIFIER":"echo","_SYSTEMD_UNIT":"a.service","MESSAGE":"hello"}
                                """))
                .contains(
                        new JournalLine(
                                Instant.ofEpochSecond(1_500_000_001, 234_567_000),
                                "a.service",
                                "echo",
                                7,
                                "hello",
                                "s=1;i=2"));
    }

    @Test
    void what_systemd_says_of_a_unit_is_the_units() {
        assertThat(
                        JournalEntry.parse(
                                """
                                {"__CURSOR":"c","__REALTIME_TIMESTAMP":"1","_PID":"1","UNIT":"a.service",
                                "_SYSTEMD_UNIT":"init.scope","MESSAGE":"Started."}
                                """))
                .hasValueSatisfying(line -> {
                    assertThat(line.unit()).isEqualTo("a.service");
                    assertThat(line.identifier()).isEqualTo("init");
                });
    }

    /** Else whoever may log would speak for a unit. */
    @Test
    void what_anybody_else_says_of_a_unit_is_not() {
        assertThat(
                        JournalEntry.parse(
                                """
                                {"__CURSOR":"c","__REALTIME_TIMESTAMP":"1","_PID":"9","UNIT":"a.service",
                                "_SYSTEMD_UNIT":"b.service","MESSAGE":"Started."}
                                """))
                .hasValueSatisfying(line -> assertThat(line.unit()).isEqualTo("b.service"));
    }

    @Test
    void a_message_may_be_bytes_or_nothing_or_many() {
        String before =
                "{\"__REALTIME_TIMESTAMP\":\"1\",\"_SYSTEMD_UNIT\":\"a.service\",\"MESSAGE\":";
        assertThat(JournalEntry.parse(before + "[104,105]}").orElseThrow().message())
                .isEqualTo("hi");
        assertThat(JournalEntry.parse(before + "null}").orElseThrow().message()).isEmpty();
        assertThat(JournalEntry.parse(before + "[\"a\",\"b\"]}").orElseThrow().message())
                .isEqualTo("b");
    }

    @Test
    void what_is_no_entry_is_passed_over() {
        assertThat(JournalEntry.parse("-- No entries --")).isEmpty();
        assertThat(JournalEntry.parse("{\"MESSAGE\":\"of no unit\"}")).isEmpty();
        assertThat(JournalEntry.cursor("half {")).isEmpty();
    }
}
