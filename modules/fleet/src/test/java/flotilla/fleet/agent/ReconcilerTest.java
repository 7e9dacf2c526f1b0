package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcilerTest {
    /** Told state and text, held phase and text, the steps; - is nothing. */
    @ParameterizedTest(name = "told {0} {1}, held {2} {3}: {4}")
    @CsvSource({
        "-,        -, -,         -, ''",
        "LOADED,   1, -,         -, Load Reload",
        "LAUNCHED, 1, -,         -, Load Reload Start",
        "-,        -, LOADED,    1, Unload",
        "-,        -, LAUNCHED,  1, Unload",
        "-,        -, UNLOADING, 1, ''",
        "LOADED,   1, LOADED,    1, ''",
        "LAUNCHED, 1, LAUNCHED,  1, ''",
        "LAUNCHED, 1, LOADED,    1, Start",
        "LOADED,   1, LAUNCHED,  1, Stop",
        "LAUNCHED, 2, LAUNCHED,  1, Unload",
        "LOADED,   2, LOADED,    1, Unload",
        "LAUNCHED, 1, UNLOADING, 1, ''",
        "LAUNCHED, 2, UNLOADING, 1, ''",
    })
    void one_unit(String told, String text, String phase, String heldText, String steps) {
        Map<String, Assignment> wanted =
                told.equals("-")
                        ? Map.of()
                        : Map.of("a.service", new Assignment(text, JobState.valueOf(told), 1));
        Map<String, Held> held =
                phase.equals("-")
                        ? Map.of()
                        : Map.of("a.service", new Held(heldText, Phase.valueOf(phase)));

        assertThat(kinds(Reconciler.decide(wanted, held)))
                .containsExactlyElementsOf(
                        steps.isEmpty() ? List.of() : Arrays.asList(steps.split(" ")));
    }

    @Test
    void units_leave_before_others_come_and_the_init_reloads_once() {
        Map<String, Assignment> wanted =
                Map.of(
                        "new1.service", new Assignment("h", JobState.LAUNCHED, 1),
                        "new2.service", new Assignment("h", JobState.LAUNCHED, 1),
                        "stop.service", new Assignment("h", JobState.LOADED, 1));
        Map<String, Held> held =
                Map.of(
                        "old.service", new Held("h", Phase.LAUNCHED),
                        "stop.service", new Held("h", Phase.LAUNCHED));

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
