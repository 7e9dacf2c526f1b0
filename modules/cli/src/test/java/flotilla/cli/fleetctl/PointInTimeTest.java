package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.UsageFailure;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as they are typed, at 14:30 in Berlin. */
class PointInTimeTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2014-07-14T14:30:00+02:00[Europe/Berlin]");

    @ParameterizedTest
    @CsvSource({
        "14:05,                2014-07-14T12:05:00Z",
        "14:05:30,             2014-07-14T12:05:30Z",
        "14:31,                2014-07-13T12:31:00Z",
        "2014-07-12 14:05,     2014-07-12T12:05:00Z",
        "2014-07-12T14:05:01,  2014-07-12T12:05:01Z",
        "2014-07-12,           2014-07-11T22:00:00Z",
        "2014-07-12T14:05:00Z, 2014-07-12T14:05:00Z",
        "10m,                  2014-07-14T12:20:00Z",
        "2h ago,               2014-07-14T10:30:00Z"
    })
    void a_time_is_the_last_that_it_can_mean(String typed, Instant meant) {
        assertThat(PointInTime.parse("--at", typed, NOW)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "25:00", "2014-13-01", "14.05"})
    void what_is_no_time_is_refused_with_what_would_be(String typed) {
        assertThatThrownBy(() -> PointInTime.parse("--at", typed, NOW))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("--at")
                .hasMessageContaining("14:05");
    }

    @Test
    void a_time_that_summer_skips_is_the_hour_after() {
        ZonedDateTime night = ZonedDateTime.parse("2014-03-30T12:00:00+02:00[Europe/Berlin]");

        assertThat(PointInTime.parse("--at", "2014-03-30 02:30", night))
                .isEqualTo(Instant.parse("2014-03-30T01:30:00Z"));
    }
}
