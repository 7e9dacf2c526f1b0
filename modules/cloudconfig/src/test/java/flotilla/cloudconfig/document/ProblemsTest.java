package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.Field.Place;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void problems_beyond_the_limit_are_told_in_one_sentence() {
        Problems problems = new Problems();
        for (int line = 1; line <= DocumentReader.PROBLEMS_MAX; line++) {
            problems.warning(new Place(line, 1), "w");
        }
        assertThat(problems.isFull()).isFalse();

        problems.error(new Place(9_001, 1), "e");
        problems.error(new Place(9_002, 1), "e");

        assertThat(problems.isFull()).isTrue();
        assertThat(problems.byPlace()).hasSize(DocumentReader.PROBLEMS_MAX + 1);
        assertThat(problems.byPlace().getLast().toString())
                .isEqualTo("9001:1: error: there are more problems than 500: the rest is not told");
    }
}
