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

/** Member 1 compares, at revision 10, compacted up to 5; by then all up to 12 and 6 was ordered. */
class ComparisonTest {
    private static final StateHash ORDERED = new StateHash(12, 6, OptionalInt.empty());

    /**
     * @param others {@code member:revision/compacted=hash}, the hash may be missing
     * @param corrupt members; 0: nobody knows who
     */
    @ParameterizedTest(name = "{0} of {1} members, {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    all hold the same                        | 3 | 2:10/5=7 3:10/5=7           |
                    one differs from a majority              | 3 | 2:10/5=7 3:10/5=8           | 3
                    this one differs from a majority         | 3 | 2:10/5=8 3:10/5=8           | 1
                    one that is ahead holds the same         | 3 | 2:12/5=7 3:11/5=7           |
                    two of five differ                       | 5 | 2:10/5=7 3:10/5=7 4:10/5=8 5:10/5=9 | 4 5
                    three differ, all of them                | 3 | 2:10/5=8 3:10/5=9           | 0
                    two halves                               | 4 | 2:10/5=7 3:10/5=8 4:10/5=8  | 0
                    one of two is silent                     | 3 | 2:10/5=8                    | 0
                    nobody answers                           | 3 |                             |
                    alone                                    | 1 |                             |
                    a silent one speaks for nobody           | 5 | 2:10/5=7 3:10/5=8           | 0
                    compacted otherwise is not compared      | 3 | 2:10/6=8 3:10/5=7           |
                    compacted otherwise, alike among them    | 3 | 2:10/6=8 3:10/6=8           |
                    one that is behind has no hash           | 3 | 2:9/5 3:10/5=7              |
                    beyond what was ordered                  | 3 | 2:13/5=7 3:10/5=7           | 2
                    compacted beyond what was ordered        | 3 | 2:10/7=7 3:10/5=7           | 2
                    beyond, without a hash                   | 3 | 2:13/11 3:10/5=7            | 2
                    one beyond, another differs              | 5 | 2:13/5=7 3:10/5=8 4:10/5=7  | 2 3
                    """)
    void those_are_named_whom_a_majority_contradicts(
            String which, int members, String others, String corrupt) {
        StateHash own = new StateHash(10, 5, OptionalInt.of(7));
        Comparison comparison = new Comparison(1, own, parse(others));

        assertThat(comparison.corrupt(members, ORDERED))
                .as(which)
                .containsExactlyElementsOf(words(corrupt).map(Long::parseLong).toList());
    }

    @ParameterizedTest
    @CsvSource({"2:10/5=7 3:10/5=8 4:9/5 5:10/6=8, 2 3, 3", "2:10/5=7, 2, ''", "'', '', ''"})
    void only_what_can_be_compared_differs(String others, String compared, String different) {
        StateHash own = new StateHash(10, 5, OptionalInt.of(7));
        Comparison comparison = new Comparison(1, own, parse(others));

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
                    String[] parts = other.split("[:/=]");
                    states.put(
                            Long.parseLong(parts[0]),
                            new StateHash(
                                    Long.parseLong(parts[1]),
                                    Long.parseLong(parts[2]),
                                    parts.length > 3
                                            ? OptionalInt.of(Integer.parseInt(parts[3]))
                                            : OptionalInt.empty()));
                });
        return states;
    }
}
