package flotilla.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartPointTest {
    /** Applied; the log's first and last; checkpoints. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  0 |  1 |   0 |          | goes on",
                " 90 |  1 | 100 |          | goes on",
                "100 |  1 | 100 |          | goes on",
                "100 | 41 | 100 | 50 90    | goes on",
                // Its checkpoint came over the network; the log behind it is not needed any more.
                " 90 |  1 |   0 | 90       | goes on",
                // The state was lost, or a crash came before a received one was in place.
                "  0 |  1 | 100 | 50 90    | restores 90 50 or the state",
                "  0 | 41 | 100 | 50 90    | restores 90 50",
                "  0 | 71 | 100 | 50 90    | restores 90",
                " 60 | 51 | 100 | 50 90    | restores 90 or the state",
                "  0 |  1 |  10 | 90       | restores 90 or the state",
                // Nothing reaches from the state to the log.
                "  0 | 41 | 100 |          | refuses: the log begins with entry 41",
                " 30 | 41 | 100 | 20       | refuses: the log begins with entry 41",
                // The log forgot what the state knows.
                "101 |  1 | 100 |          | refuses: the log ends with entry 100",
                "101 |  1 |   0 |          | refuses: the log ends with entry 0",
                "101 |  1 |   0 | 90       | refuses: the log ends with entry 90",
            })
    void a_member_goes_on_from_where_the_log_reaches(
            long applied, long first, long last, String checkpoints, String outcome) {
        List<Long> indexes =
                checkpoints == null
                        ? List.of()
                        : Stream.of(checkpoints.split(" ")).map(Long::valueOf).toList();

        StartPoint point = StartPoint.of(new StartPoint.Found(applied, first, last, indexes));

        assertThat(words(point)).startsWith(outcome);
    }

    private static String words(StartPoint point) {
        return switch (point) {
            case StartPoint.Continue() -> "goes on";
            case StartPoint.Restore(List<Long> checkpoints, boolean stateToo) ->
                    "restores "
                            + String.join(" ", checkpoints.stream().map(String::valueOf).toList())
                            + (stateToo ? " or the state" : "");
            case StartPoint.Refuse(String why) -> "refuses: " + why;
        };
    }
}
