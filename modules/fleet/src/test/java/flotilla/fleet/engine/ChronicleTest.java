package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Course;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Overlap;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Release;
import flotilla.fleet.engine.Decision.Remember;
import flotilla.fleet.engine.Decision.Renew;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each decision is in history. */
class ChronicleTest {
    private static final Job JOB = new Job("a.service", "h", JobState.LAUNCHED);
    private static final Wish WISH = new Wish(JOB, 7);
    private static final Hold FROM_A = new Hold("A", 3, 4, Set.of("h"), false);
    private static final Target TO_B = new Target("B");
    private static final Assignment TAKEN_BACK = JOB.assignment().withdrawn();

    static Stream<Arguments> decisions() {
        return Stream.of(
                Arguments.of(new Place(WISH, TO_B, false, "why"), "placed a.service at B"),
                Arguments.of(new Update(WISH, FROM_A, "why"), "updated a.service at A"),
                Arguments.of(
                        new Withdraw("a.service", 7, FROM_A, TAKEN_BACK, "why"),
                        "withdrawn a.service at A"),
                Arguments.of(new Release("a.service", FROM_A, "why"), "released a.service at A"),
                Arguments.of(
                        new Strike("a.service", FROM_A, new Strikes("h", 1, 5, "A"), "why"),
                        "struck a.service at A"),
                Arguments.of(new Move(WISH, FROM_A, TO_B, "why"), "moved a.service at B from A"),
                Arguments.of(
                        new Overlap(WISH, FROM_A, TAKEN_BACK, TO_B, "why"),
                        "placed a.service at B, withdrawn a.service at A"),
                Arguments.of(new Remember("A", new Sighting(5, 0), 1, "why"), "joined at A"),
                Arguments.of(new Remember("A", new Sighting(5, 9), 1, "why"), "gone at A"),
                Arguments.of(
                        new Renew(WISH, FROM_A, new Course("a.service", 5), "why"),
                        "updated a.service at A"),
                Arguments.of(steer(Phase.UNDOING), "rollout-undoing api@.service at"),
                Arguments.of(steer(Phase.DONE), "rollout-done api@.service at"),
                Arguments.of(steer(Phase.UNDONE), "rollout-undone api@.service at"),
                Arguments.of(steer(Phase.FAILED), "rollout-failed api@.service at"),
                Arguments.of(new Forgive("a.service", 1, "why"), ""),
                Arguments.of(new Collect("h", 1, "why"), ""));
    }

    private static Steer steer(Phase phase) {
        Stage stage = new Stage(phase, "why", 1_000);
        return new Steer(
                new Rollout(
                        "api@.service",
                        "h",
                        Optional.empty(),
                        Set.of("old"),
                        Policy.DEFAULT,
                        stage,
                        "me"),
                5,
                "why");
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_line_says_what_of_which_unit_and_where(Decision decision, String lines) {
        List<Deed> told = Chronicle.of(decision, 1_000);

        assertThat(told.stream().map(ChronicleTest::words).collect(Collectors.joining(", ")))
                .isEqualTo(lines);
        assertThat(told)
                .allSatisfy(deed -> {
                    assertThat(deed.atMillis()).isEqualTo(1_000);
                    assertThat(deed.reason()).isEqualTo("why");
                });
    }

    private static String words(Deed deed) {
        return "%s %s at %s%s"
                .formatted(
                        deed.what().text(),
                        deed.unit(),
                        deed.machineId(),
                        deed.fromId().isEmpty() ? "" : " from " + deed.fromId())
                .replace("  ", " ")
                .strip();
    }
}
