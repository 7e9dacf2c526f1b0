package flotilla.sim;

import flotilla.proof.Mutant;
import java.nio.file.Path;

/**
 * Where a planted bug is.
 *
 * @param file below {@code modules}, with the module's name in place of its source folder
 * @param right a text that stands in it once
 * @param wrong what stands there instead
 */
public record Line(String file, String right, String wrong) {
    Mutant mutant() {
        int slash = file.indexOf('/');
        String module = file.substring(0, slash);
        Path sources = Path.of("..", module, "src/main/java/flotilla", module);
        return new Mutant(sources.resolve(file.substring(slash + 1)), right, wrong);
    }
}
