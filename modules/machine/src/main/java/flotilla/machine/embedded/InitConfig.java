package flotilla.machine.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * @param root the directory that holds this machine's etc, run, usr/lib and var
 * @param bootId changes with each boot; when it has, everything below run/ is gone
 * @param defaultEnvironment what every process gets; a unit's own Environment= comes after it
 * @param builtins programs that run in this process, by the path that unit files call them by
 * @param journalBytes what the journals of all units may take up of the heap
 */
public record InitConfig(
        Path root,
        String hostname,
        String machineId,
        String bootId,
        Map<String, String> defaultEnvironment,
        Map<String, BuiltinProgram> builtins,
        long journalBytes) {
    /** An answer, an eighth of it, must hold some lines of the longest; in bytes. */
    private static final long JOURNAL_BYTES_MIN = 4L << 20;

    /** For a heap of 80 MiB, in bytes: a tenth of it. */
    public static final long JOURNAL_BYTES = 8L << 20;

    public InitConfig {
        root = root.toAbsolutePath().normalize();
        defaultEnvironment = Map.copyOf(defaultEnvironment);
        builtins = Map.copyOf(builtins);
        journalBytes = Math.max(JOURNAL_BYTES_MIN, journalBytes);
    }
}
