package flotilla.machine.embedded;

import flotilla.platform.memory.MemoryBudget;
import java.nio.file.Path;
import java.util.Map;

/**
 * @param root the directory that holds this machine's etc, run, usr/lib and var
 * @param bootId changes with each boot; when it has, everything below run/ is gone
 * @param defaultEnvironment what every process gets; a unit's own Environment= comes after it
 * @param builtins programs that run in this process, by the path that unit files call them by
 * @param memory how this process' heap is divided
 */
public record InitConfig(
        Path root,
        String hostname,
        String machineId,
        String bootId,
        Map<String, String> defaultEnvironment,
        Map<String, BuiltinProgram> builtins,
        MemoryBudget memory) {
    /** An answer, an eighth of it, must hold some lines of the longest; in bytes. */
    private static final long JOURNAL_BYTES_MIN = 4L << 20;

    public InitConfig {
        root = root.toAbsolutePath().normalize();
        defaultEnvironment = Map.copyOf(defaultEnvironment);
        builtins = Map.copyOf(builtins);
    }

    /** What the journals of all units may take up of the heap. */
    long journalBytes() {
        return Math.max(JOURNAL_BYTES_MIN, memory.bytes(MemoryBudget.Share.JOURNALS));
    }

    /** What the files of all units may take up of it. */
    long unitBytes() {
        return memory.bytes(MemoryBudget.Share.UNITS);
    }
}
