package flotilla.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    @ParameterizedTest
    @CsvSource({
        // what each of the voters 1, 2, ... has reached; what more than half have
        "5, 5",
        "5 9, 5",
        "5 9 7, 7",
        "5 9 7 8, 7",
        "0 0 7 8, 0",
        "1 2 3 4 5, 3",
    })
    void more_than_half_have_reached_it(String reached, long quorum) {
        long[] values = values(reached);

        assertThat(new Quorum(voters(values.length), List.of()).reached(id -> values[(int) id - 1]))
                .isEqualTo(quorum);
    }

    /** Thesis 4.3: a joint configuration needs both majorities. */
    @ParameterizedTest
    @CsvSource({"9 9 1 1 1, 1", "9 9 9 1 1, 1", "9 9 5 5 1, 5", "1 1 9 9 9, 1"})
    void a_joint_configuration_has_what_both_halves_have(String reached, long quorum) {
        long[] values = values(reached);
        Quorum joint = new Quorum(List.of(1L, 2L, 3L), List.of(3L, 4L, 5L));

        assertThat(joint.reached(id -> values[(int) id - 1])).isEqualTo(quorum);
    }

    @ParameterizedTest
    @CsvSource({
        "y, WON",
        "n, LOST",
        "y-, PENDING",
        "yn, LOST",
        "yy-, WON",
        "y--, PENDING",
        "yn-, PENDING",
        "nn-, LOST",
        "yynn, LOST",
        "yyyn, WON",
        "yy--, PENDING",
        "nny-y, PENDING",
    })
    void votes_decide_as_soon_as_they_can(String votes, Verdict verdict) {
        assertThat(new Quorum(voters(votes.length()), List.of()).verdict(id -> vote(votes, id)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "yy-nn, LOST",
        "yyyyn, WON",
        "yynn-, LOST",
        "yy---, PENDING",
        "nn---, LOST",
        "--yyy, PENDING",
    })
    void a_joint_election_is_won_in_both_halves(String votes, Verdict verdict) {
        Quorum joint = new Quorum(List.of(1L, 2L, 3L), List.of(3L, 4L, 5L));

        assertThat(joint.verdict(id -> vote(votes, id))).isEqualTo(verdict);
    }

    /** Raft.md scenario 7. */
    @Test
    void a_voters_first_answer_counts_once() {
        Quorum quorum = new Quorum(voters(3), List.of());
        Ballots ballots = new Ballots();

        ballots.cast(1, true);
        ballots.cast(1, true);
        assertThat(ballots.verdict(quorum)).isEqualTo(Verdict.PENDING);

        ballots.cast(9, true);
        assertThat(ballots.verdict(quorum)).isEqualTo(Verdict.PENDING);

        ballots.cast(1, false);
        ballots.cast(2, true);
        assertThat(ballots.verdict(quorum)).isEqualTo(Verdict.WON);
    }

    private static List<Long> voters(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    private static long[] values(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static Vote vote(String votes, long id) {
        return switch (votes.charAt((int) id - 1)) {
            case 'y' -> Vote.GRANTED;
            case 'n' -> Vote.REFUSED;
            default -> Vote.MISSING;
        };
    }
}
