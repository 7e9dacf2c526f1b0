package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.fleetctl.Settling.Verdict;
import flotilla.fleet.api.StateBody;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlingTest {
    private final Settling settling = new Settling();

    /** {@code failed/failed:500} is that state for 500 ms. */
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "active/running:1000,                                             RUNS",
        "active/exited:1000,                                              RUNS",
        "active/running:500 active/exited:500,                            RUNS",
        "inactive/dead:500 activating/start:30000 active/running:1000,    RUNS",
        "active/running:250 failed/failed:1000,                           FAILED",
        "failed/failed:500 active/running:1000,                           RUNS",
        "active/running:250 inactive/dead:2000,                           ENDED",
        "active/running:250 activating/auto-restart:1500 active/running:1000, RUNS",
        "activating/auto-restart:2000,                                    RESTARTS",
        "deactivating/stop-sigterm:9000 active/running:1000,              RUNS",
        "active/running:900 activating/auto-restart:900 active/running:900"
                + " activating/auto-restart:900 active/running:900 activating/auto-restart:200,"
                + " RESTARTS",
    })
    void a_state_counts_once_it_has_lasted(String seen, Verdict verdict) {
        long nowNanos = 7;

        for (String item : seen.split(" ")) {
            String[] parts = item.split("[/:]");
            settling.see(state("loaded", parts[0], parts[1]), nowNanos);
            assertThat(settling.verdict(nowNanos)).isEqualTo(Verdict.WAITS);
            nowNanos += Duration.ofMillis(Long.parseLong(parts[2])).toNanos();
            assertThat(settling.verdict(nowNanos - 1)).isEqualTo(Verdict.WAITS);
        }

        assertThat(settling.verdict(nowNanos)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"bad-setting", "error", "not-found", "masked"})
    void a_unit_that_its_init_can_not_load_has_failed(String load) {
        settling.see(state(load, "inactive", "dead"), 0);

        assertThat(settling.verdict(Settling.LASTS.toNanos() - 1)).isEqualTo(Verdict.WAITS);
        assertThat(settling.verdict(Settling.LASTS.toNanos())).isEqualTo(Verdict.FAILED);
    }

    @Test
    void it_says_how_long_a_state_has_to_last_yet() {
        assertThat(settling.leftNanos(0)).isEqualTo(Long.MAX_VALUE);

        settling.see(state("loaded", "activating", "start"), 0);
        assertThat(settling.leftNanos(500)).isEqualTo(Long.MAX_VALUE);

        settling.see(state("loaded", "active", "running"), 1_000);
        assertThat(settling.leftNanos(1_500)).isEqualTo(Settling.LASTS.toNanos() - 500);
    }

    private static StateBody state(String load, String active, String sub) {
        return new StateBody("a.service", "1", "m1", load, active, sub, null, null);
    }
}
