package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mistyped word is taken for. */
class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "hostnam, hostname",
        "hsotname, hostname", // two edits of eight letters
        "hxxxname,", // three
        "unit, units",
        "nits, units",
        "ab, ac", // one edit is always allowed
        "xy,",
        "a, ac",
        "'',",
        "fleet, fleet",
        "fleat, fleat" // the nearest, not the first
    })
    void a_mistyped_word_is_taken_for_one_that_a_third_of_it_makes(String word, String meant) {
        assertThat(Nearest.to(word, List.of("hostname", "units", "ac", "fleet", "fleat", "etcd2")))
                .isEqualTo(Optional.ofNullable(meant));
    }

    @Test
    void of_two_that_are_as_near_the_first_by_name_is_meant() {
        assertThat(Nearest.to("etcd", List.of("etcdz", "etcda"))).contains("etcda");
    }
}
