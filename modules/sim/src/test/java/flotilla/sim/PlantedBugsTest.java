package flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.log.Logging;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation sees what it is there for: each bug, planted into the code around the core, is
 * found. One that isn't found any more says that the simulation has become blind, or, after a
 * change that makes other runs of the same seeds, that another seed must be looked for.
 */
class PlantedBugsTest {
    private static final int EVENTS = 20_000;

    @BeforeAll
    static void silence() {
        Logging.start("off", Logging.Format.TEXT);
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void a_planted_bug_is_found(PlantedBug bug) {
        Mutant mutant = new Mutant(bug.line());

        assertThat(mutant.violation(bug.seed, EVENTS)).as("what breaks").contains(bug.breaks);
    }
}
