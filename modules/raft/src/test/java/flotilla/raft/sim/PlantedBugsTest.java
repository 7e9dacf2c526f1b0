package flotilla.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.proof.Mutant;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Simulation and transcripts see what they are there for: each bug, planted into the core, is found
 * by one of them. A bug that isn't found any more says that they have become blind.
 */
class PlantedBugsTest {
    private static final int SEEDS = 24;
    private static final int EVENTS = 3_000;
    private static final Path SOURCES = Path.of("src/main/java/flotilla/raft");

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void a_planted_bug_is_found(PlantedBug bug) throws IOException {
        Mutant mutant = new Mutant(SOURCES.resolve(bug.file), bug.right, bug.wrong);

        boolean found = transcriptsDiffer(mutant) || simulationFails(mutant);

        assertThat(found).as("found by a transcript or by one of %d seeds", SEEDS).isTrue();
    }

    private static boolean transcriptsDiffer(Mutant mutant) throws IOException {
        for (Path file : TranscriptTest.transcripts()) {
            String right = Files.readString(file);
            try {
                if (!right.equals(mutant.call(Scene.class.getName(), "replay", right))) {
                    return true;
                }
            } catch (InvocationTargetException e) {
                return true;
            }
        }
        return false;
    }

    private static boolean simulationFails(Mutant mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                mutant.call(Simulation.class.getName(), "run", seed, EVENTS);
            } catch (InvocationTargetException e) {
                return true;
            }
        }
        return false;
    }
}
