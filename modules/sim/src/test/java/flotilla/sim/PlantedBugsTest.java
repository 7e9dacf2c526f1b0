package flotilla.sim;

import static org.assertj.core.api.Assertions.fail;

import flotilla.platform.log.Logging;
import flotilla.proof.Mutant;
import flotilla.sim.world.Violation;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation sees what it is there for: each bug, planted into the code around the core, is
 * found. After a change that makes other runs of the same seeds another seed may be the one that
 * shows it: the test looks for it, and says which. None says that the simulation has become blind.
 */
class PlantedBugsTest {
    private static final int EVENTS = 20_000;

    /** How many seeds are tried where the one that is kept shows nothing any more. */
    private static final int SEEDS_MAX = 200;

    @BeforeAll
    static void silence() {
        Logging.start("off", Logging.Format.TEXT);
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void a_planted_bug_is_found(PlantedBug bug) {
        PlantedBug.Line line = bug.line();
        Mutant mutant = new Mutant(source(line.file()), line.right(), line.wrong());

        String broken = violation(mutant, bug.seed);

        if (!broken.contains(bug.breaks)) {
            fail("seed %d shows \"%s\": %s", bug.seed, broken, another(mutant, bug.breaks));
        }
    }

    /** A seed to keep in place of one that shows nothing any more, in words. */
    private static String another(Mutant mutant, String breaks) {
        return LongStream.rangeClosed(1, SEEDS_MAX)
                .filter(seed -> violation(mutant, seed).contains(breaks))
                .mapToObj(seed -> "seed %d shows \"%s\": keep that".formatted(seed, breaks))
                .findFirst()
                .orElse("nor does any other up to %d show it".formatted(SEEDS_MAX));
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
