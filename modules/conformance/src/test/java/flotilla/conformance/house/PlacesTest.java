package flotilla.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule itself: what {@link TidyTest} would not see while the tree is tidy. */
class PlacesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "modules/platform/NOTE.txt",
                "modules/platform/src/Notes.java",
                "modules/store/hs_err_pid1.log",
                "notes.md",
                "docs/plan.md",
                "examples/core.1234",
                "bench/out.csv"
            })
    void a_file_that_belongs_to_no_room_is_refused(String name) {
        assertThat(Places.knows(name)).isFalse();
    }
}
