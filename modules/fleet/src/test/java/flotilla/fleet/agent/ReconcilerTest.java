package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcilerTest {
    private static final long PLACEMENT = 42;

    /**
     * Told state, text and generation; held phase, text and generation; the steps, and the answer
     * that the machine gives before them. - is nothing.
     */
    @ParameterizedTest(name = "told {0}, held {1}: {2}, answers {3}")
    @CsvSource({
        "-,            -,             '',                -",
        "LOADED 1 1,   -,             Load Reload,       -",
        "LAUNCHED 1 1, -,             Load Reload Start, -",
        "INACTIVE 1 1, -,             '',                released",
        "-,            LOADED 1 1,    Unload,            -",
        "-,            LAUNCHED 1 1,  Unload,            -",
        "-,            UNLOADING 1 1, '',                -",
        "INACTIVE 1 1, LOADED 1 1,    Unload,            -",
        "INACTIVE 1 1, LAUNCHED 1 1,  Unload,            -",
        "INACTIVE 1 1, UNLOADING 1 1, '',                -",
        "LOADED 1 1,   LOADED 1 1,    '',                done",
        "LOADED 1 2,   LOADED 1 1,    '',                done",
        "LAUNCHED 1 1, LAUNCHED 1 1,  '',                done",
        "LAUNCHED 1 2, LAUNCHED 1 1,  Restart,           -",
        "LAUNCHED 1 1, LAUNCHED 1 5,  Restart,           -",
        "LAUNCHED 1 2, LOADED 1 1,    Start,             -",
        "LOADED 1 2,   LAUNCHED 1 1,  Stop,              -",
        "LAUNCHED 2 2, LAUNCHED 1 1,  Unload,            -",
        "LOADED 2 2,   LOADED 1 1,    Unload,            -",
        "LAUNCHED 1 1, UNLOADING 1 1, '',                -",
        "LAUNCHED 2 2, UNLOADING 1 1, '',                -",
    })
    void one_unit(String told, String held, String steps, String answer) {
        Optional<Told> its =
                told.equals("-") ? Optional.empty() : Optional.of(told(told.split(" ")));
        Optional<Held> have =
                held.equals("-") ? Optional.empty() : Optional.of(held(held.split(" ")));

        assertThat(kinds(Reconciler.decide(units(its), units(have))))
                .containsExactlyElementsOf(
                        steps.isEmpty() ? List.of() : Arrays.asList(steps.split(" ")));
        assertThat(its.flatMap(one -> Reconciler.answer(one, have.orElse(null))))
                .isEqualTo(
                        answer.equals("-")
                                ? Optional.empty()
                                : its.map(one -> answered(one, answer.equals("released"))));
    }

    private static <T> Map<String, T> units(Optional<T> one) {
        return one.map(its -> Map.of("a.service", its)).orElse(Map.of());
    }

    private static Told told(String... words) {
        Assignment assignment =
                new Assignment(words[1], JobState.valueOf(words[0]), Long.parseLong(words[2]));
        return new Told(assignment, PLACEMENT);
    }

    private static Held held(String... words) {
        return new Held(words[1], Phase.valueOf(words[0]), Long.parseLong(words[2]));
    }

    private static Acknowledgement answered(Told told, boolean released) {
        return new Acknowledgement(PLACEMENT, told.assignment().generation(), released);
    }

    @Test
    void what_can_not_be_read_leaves_a_unit_as_it_is_and_is_not_answered() {
        for (Phase phase : List.of(Phase.LOADED, Phase.LAUNCHED)) {
            Held have = new Held("h", phase, 7);

            assertThat(
                            Reconciler.decide(
                                    Map.of("a.service", have.asIs()), Map.of("a.service", have)))
                    .isEmpty();
            assertThat(Reconciler.answer(have.asIs(), have)).isEmpty();
        }
    }

    @Test
    void units_leave_before_others_come_and_the_init_reloads_once() {
        Map<String, Told> wanted =
                Map.of(
                        "new1.service", told("LAUNCHED", "h", "1"),
                        "new2.service", told("LAUNCHED", "h", "1"),
                        "stop.service", told("LOADED", "h", "2"));
        Map<String, Held> held =
                Map.of(
                        "old.service", held("LAUNCHED", "h", "1"),
                        "stop.service", held("LAUNCHED", "h", "1"));

        List<Step> steps = Reconciler.decide(wanted, held);

        assertThat(kinds(steps))
                .containsExactly("Unload", "Load", "Load", "Reload", "Stop", "Start", "Start");
        assertThat(steps).allSatisfy(step -> assertThat(step.reason()).isNotBlank());
    }

    private static List<String> kinds(List<? extends @Nullable Step> steps) {
        return steps.stream()
                .flatMap(step -> step == null ? Stream.<String>of() : Stream.of(kind(step)))
                .toList();
    }

    private static String kind(Step step) {
        return step.getClass().getSimpleName();
    }
}
