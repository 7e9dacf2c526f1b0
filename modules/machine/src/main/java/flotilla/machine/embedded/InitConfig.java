package flotilla.machine.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * @param root the directory that holds this machine's etc, run, usr/lib and var
 * @param bootId changes with each boot; when it has, everything below run/ is gone
 * @param defaultEnvironment what every process gets; a unit's own Environment= comes after it
 * @param builtins programs that run in this process, by the path that unit files call them by
 */
public record InitConfig(
        Path root,
        String hostname,
        String machineId,
        String bootId,
        Map<String, String> defaultEnvironment,
        Map<String, BuiltinProgram> builtins) {
    public InitConfig {
        root = root.toAbsolutePath().normalize();
        defaultEnvironment = Map.copyOf(defaultEnvironment);
        builtins = Map.copyOf(builtins);
    }
}
