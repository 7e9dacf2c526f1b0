package flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.log.Logging;
import flotilla.proof.Mutant;
import flotilla.sim.world.Violation;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
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
        PlantedBug.Line line = bug.line();
        Mutant mutant = new Mutant(source(line.file()), line.right(), line.wrong());

        assertThat(violation(mutant, bug.seed)).as("what breaks").contains(bug.breaks);
    }

    /** Of a file that is called by its module and its place below that module's package. */
    private static Path source(String file) {
        int slash = file.indexOf('/');
        String module = file.substring(0, slash);
        return Path.of("..", module, "src/main/java/flotilla", module, file.substring(slash + 1));
    }

    /** What breaks in a run; empty if nothing does. */
    private static String violation(Mutant mutant, long seed) {
        try {
            mutant.call(Simulation.class.getName(), "run", seed, (long) EVENTS);
            return "";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause == null || !cause.getClass().getName().equals(Violation.class.getName())) {
                throw new IllegalStateException("simulating a mutant", cause);
            }
            return String.valueOf(cause.getMessage());
        }
    }
}
