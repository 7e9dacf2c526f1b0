package flotilla.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one process has used so far, from {@code /proc} (proc(5)).
 *
 * @param residentKiB pages in memory, shared ones counted in full
 * @param shareKiB pages in memory, shared ones divided among those that share them
 * @param cpuTicks of 10 ms, user and system
 */
record MachineUse(long pid, long residentKiB, long shareKiB, long cpuTicks) {
    static MachineUse of(long pid) throws IOException {
        Path process = Path.of("/proc", String.valueOf(pid));
        List<String> memory = Files.readAllLines(process.resolve("smaps_rollup"));
        String stat = Files.readString(process.resolve("stat"));
        // The second field, the command, may hold blanks; utime and stime are fields 14 and 15.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new MachineUse(
                pid,
                kiB(memory, "Rss:"),
                kiB(memory, "Pss:"),
                Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    }

    private static long kiB(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
