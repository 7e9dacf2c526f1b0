package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.fleetctl.Settling.Verdict;
import flotilla.fleet.api.StateBody;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlingTest {
    @ParameterizedTest(name = "{0} is {1} after {2} looks")
    @CsvSource({
        "active/running*9,                                             RUNS,     4",
        "active/exited*9,                                              RUNS,     4",
        "inactive/dead*2 activating/start*30 active/running*9,         RUNS,     36",
        "active/running*1 failed/failed*9,                             FAILED,   5",
        "failed/failed*2 active/running*9,                             RUNS,     6",
        "active/running*1 inactive/dead*9,                             ENDED,    9",
        "active/running*1 activating/auto-restart*4 active/running*9,  RUNS,     9",
        "activating/auto-restart*30,                                   RESTARTS, 8",
        "deactivating/stop-sigterm*7 active/running*9,                 RUNS,     11",
    })
    void a_state_counts_once_it_lasts(String seen, Verdict verdict, int looks) {
        Settling settling = new Settling();
        List<Verdict> verdicts = new ArrayList<>();

        for (String state : states(seen)) {
            String[] parts = state.split("/");
            verdicts.add(settling.see(state("loaded", parts[0], parts[1])));
        }

        assertThat(verdicts.subList(0, looks - 1)).containsOnly(Verdict.WAITS);
        assertThat(verdicts.get(looks - 1)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"bad-setting", "error", "not-found", "masked"})
    void a_unit_that_its_init_can_not_load_has_failed(String load) {
        Settling settling = new Settling();

        for (int look = 1; look < Settling.LOOKS; look++) {
            assertThat(settling.see(state(load, "inactive", "dead"))).isEqualTo(Verdict.WAITS);
        }
        assertThat(settling.see(state(load, "inactive", "dead"))).isEqualTo(Verdict.FAILED);
    }

    @Test
    void a_unit_that_dies_again_and_again_is_no_running_one() {
        Settling settling = new Settling();
        Verdict verdict = Verdict.WAITS;

        for (int death = 0; death < 4 && verdict == Verdict.WAITS; death++) {
            settling.see(state("loaded", "active", "running"));
            for (int look = 0; look < 3; look++) {
                verdict = settling.see(state("loaded", "activating", "auto-restart"));
            }
        }

        assertThat(verdict).isEqualTo(Verdict.RESTARTS);
    }

    /** {@code failed/failed*9} is nine times the same. */
    private static List<String> states(String seen) {
        List<String> states = new ArrayList<>();
        for (String item : seen.split(" ")) {
            String[] parts = item.split("\\*");
            for (int i = 0; i < Integer.parseInt(parts[1]); i++) {
                states.add(parts[0]);
            }
        }
        return states;
    }

    private static StateBody state(String load, String active, String sub) {
        return new StateBody("a.service", "1", "m1", load, active, sub, null);
    }
}
