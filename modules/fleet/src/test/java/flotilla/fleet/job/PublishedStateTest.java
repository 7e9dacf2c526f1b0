package flotilla.fleet.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedStateTest {
    @ParameterizedTest
    @CsvSource({
        "new, true,  LAUNCHED",
        "new, false, LOADED",
        "old, true,  INACTIVE",
        "old, false, INACTIVE",
    })
    void what_is_said_of_another_text_says_nothing_of_the_job(
            String hash, boolean launched, JobState state) {
        PublishedState said =
                new PublishedState(
                        "a.service", "m1", hash, "loaded", "active", "running", launched, "");

        assertThat(said.of(new Job("a.service", "new", JobState.LAUNCHED))).isEqualTo(state);
    }
}
