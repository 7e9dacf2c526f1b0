package flotilla.machine.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a builtin program is started with.
 *
 * @param arguments after the program's path, variables expanded
 * @param root the machine's root directory
 * @param log one line to the unit's journal; from any thread
 */
public record BuiltinContext(
        List<String> arguments, Map<String, String> environment, Path root, Consumer<String> log) {
    public BuiltinContext {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
