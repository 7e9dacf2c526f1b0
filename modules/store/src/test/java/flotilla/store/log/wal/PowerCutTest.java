package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.log.wal.Careless.Mistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PowerCutTest {
    private static final int SEEDS = 2_000;

    @Test
    void a_power_cut_at_any_moment_takes_nothing_that_was_synced_and_leaves_nothing_in_part() {
        long cuts = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            cuts += CrashRun.run(seed, Mistake.NONE);
        }
        assertThat(cuts).isGreaterThan(SEEDS);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_mistake_that_loses_something_is_seen(Mistake mistake) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                CrashRun.run(seed, mistake);
            } catch (AssertionError found) {
                return;
            }
        }
        throw new AssertionError(SEEDS + " runs went well with " + mistake);
    }
}
