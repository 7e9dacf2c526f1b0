package flotilla.sim;

import flotilla.platform.log.Logging;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation sees what it is there for: each bug, planted into the code around the core, is
 * found.
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
        new Hunt(bug.line(), Simulation.class, EVENTS).finds(bug.seed, bug.breaks);
    }
}
