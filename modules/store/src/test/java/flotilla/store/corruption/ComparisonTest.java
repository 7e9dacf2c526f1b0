package flotilla.store.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.log.StateHash;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Member 1 compares, at revision 10 by entry 20, compacted up to 5. */
class ComparisonTest {
    private static final StateHash OWN = new StateHash(20, 10, 5, OptionalInt.of(7));

    /**
     * @param others {@code member:entry@revision/compacted=hash}, the hash may be missing
     * @param corrupt members; 0: nobody knows who
     */
    @ParameterizedTest(name = "{0} of {1} members, {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    all hold the same                        | 3 | 2:20@10/5=7 3:20@10/5=7           |
                    one differs from a majority              | 3 | 2:20@10/5=7 3:20@10/5=8           | 3
                    this one differs from a majority         | 3 | 2:20@10/5=8 3:20@10/5=8           | 1
                    one that is ahead holds the same         | 3 | 2:21@11/5=7 3:21@11/5=7           |
                    two of five differ                       | 5 | 2:20@10/5=7 3:20@10/5=7 4:20@10/5=8 5:20@10/5=9 | 4 5
                    three differ, all of them                | 3 | 2:20@10/5=8 3:20@10/5=9           | 0
                    two, and three that differ, of five      | 5 | 2:20@10/5=7 3:20@10/5=8 4:20@10/5=9 5:20@10/5=6 | 0
                    two halves                               | 4 | 2:20@10/5=7 3:20@10/5=8 4:20@10/5=8  | 0
                    one of two is silent                     | 3 | 2:20@10/5=8                       | 0
                    nobody answers                           | 3 |                                   |
                    alone                                    | 1 |                                   |
                    two differ                               | 2 | 2:20@10/5=8                       | 0
                    a silent one speaks for nobody           | 5 | 2:20@10/5=7 3:20@10/5=8           | 0
                    compacted otherwise is not compared      | 3 | 2:21@10/6=8 3:20@10/5=7           |
                    compacted otherwise, alike among them    | 3 | 2:21@10/6=8 3:21@10/6=8           |
                    compacted otherwise, not among them      | 4 | 2:21@10/6=8 3:21@10/6=9 4:21@10/6=8 | 0
                    one that is behind has no hash           | 3 | 2:19@9/5 3:20@10/5=7              |
                    one that is behind and at that revision  | 3 | 2:19@10/5=7 3:20@10/5=7           |
                    at the same entry, at an earlier revision | 3 | 2:20@9/5 3:20@10/5=7             | 2
                    after it, at an earlier revision         | 3 | 2:21@9/5 3:20@10/5=7              | 2
                    this one is at an earlier revision       | 3 | 2:20@11/5=7 3:20@11/5=7           | 1
                    before it, at a later revision           | 3 | 2:19@11/5=7 3:20@10/5=7           | 2
                    at the same entry, compacted less        | 3 | 2:20@10/4=9 3:20@10/5=7           | 2
                    before it, compacted further             | 3 | 2:19@10/6=9 3:20@10/5=7           | 2
                    at an earlier revision, one of two       | 2 | 2:20@9/5                          | 0
                    how much is not told                     | 3 | 2:0@9/5 3:0@11/4=9                |
                    two that are ahead contradict each other | 3 | 2:22@13/5=7 3:22@12/5=7           | 0
                    one that is ahead, of four, by itself    | 4 | 2:22@13/5=7 3:22@12/5=7 4:22@12/5=7 | 0
                    one of five, beside one that differs     | 5 | 2:20@11/5=7 3:20@10/5=8 4:20@10/5=7 5:20@10/5=7 | 2 3
                    """)
    void those_are_named_whom_a_majority_contradicts(
            String which, int members, String others, String corrupt) {
        Comparison comparison = new Comparison(1, OWN, parse(others));

        assertThat(comparison.corrupt(members))
                .as(which)
                .containsExactlyElementsOf(words(corrupt).map(Long::parseLong).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "2:20@10/5=7 3:20@10/5=8 4:19@9/5 5:21@10/6=8 6:20@9/5, 2 3 6, 3 6",
        "2:20@10/5=7, 2, ''",
        "'', '', ''"
    })
    void only_what_can_be_compared_differs(String others, String compared, String different) {
        Comparison comparison = new Comparison(1, OWN, parse(others));

        assertThat(comparison.compared())
                .containsExactlyElementsOf(words(compared).map(Long::parseLong).toList());
        assertThat(comparison.different())
                .containsExactlyElementsOf(words(different).map(Long::parseLong).toList());
    }

    private static Stream<String> words(String text) {
        return text == null || text.isEmpty() ? Stream.empty() : Arrays.stream(text.split(" "));
    }

    private static Map<Long, StateHash> parse(String others) {
        Map<Long, StateHash> states = new TreeMap<>();
        words(others)
                .forEach(other -> {
                    String[] parts = other.split("[:@/=]");
                    states.put(
                            Long.parseLong(parts[0]),
                            new StateHash(
                                    Long.parseLong(parts[1]),
                                    Long.parseLong(parts[2]),
                                    Long.parseLong(parts[3]),
                                    parts.length > 4
                                            ? OptionalInt.of(Integer.parseInt(parts[4]))
                                            : OptionalInt.empty()));
                });
        return states;
    }
}
