package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.compaction.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceFlagsTest {
    private static EtcdConfig.Space space(String... flags) {
        return EtcdConfig.parse(List.of(flags), Map.of()).space();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2147483648",
        "33554432, 33554432",
        "-1, -1",
        "9223372036854775807, 9223372036854775807"
    })
    void a_quota_of_nothing_is_the_default_and_one_below_it_none(String given, long bytes) {
        assertThat(space("--quota-backend-bytes=" + given).quotaBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "      , 10, PT10H",
        "periodic, 10, PT10H",
        "periodic, 90m, PT1H30M",
        "periodic, 1h0.5s, PT1H0.5S",
        "periodic, 0, ",
        "periodic, 0s, ",
        "revision, 0, ",
    })
    void a_number_without_a_unit_is_hours_and_nothing_keeps_all(
            @Nullable String mode, String given, @Nullable Duration kept) {
        EtcdConfig.Space space =
                space(
                        "--auto-compaction-mode=" + (mode == null ? "" : mode),
                        "--auto-compaction-retention=" + given);

        assertThat(space.retention().orElse(null))
                .isEqualTo(kept == null ? null : new Retention.Time(kept));
    }

    @Test
    void revisions_are_counted() {
        assertThat(
                        space("--auto-compaction-mode=revision", "--auto-compaction-retention=1000")
                                .retention())
                .contains(new Retention.Revisions(1000));
        assertThat(space().retention()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--quota-backend-bytes=1GB, --quota-backend-bytes=1GB is not a whole number",
        "--auto-compaction-mode=hourly, unknown auto-compaction-mode",
        "--auto-compaction-retention=x, want a time such as",
        "--auto-compaction-retention=-1h, want a time such as",
        "--auto-compaction-retention=900000, at most a hundred years",
        "--auto-compaction-retention=1ns, a millisecond at least",
    })
    void what_is_no_size_or_time_is_refused(String flag, String words) {
        assertThatThrownBy(() -> space(flag))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void a_time_is_no_number_of_revisions() {
        assertThatThrownBy(() ->
                        space("--auto-compaction-mode=revision", "--auto-compaction-retention=1h"))
                .hasMessageContaining("want a number of revisions");
    }
}
