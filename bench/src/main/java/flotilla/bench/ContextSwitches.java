package flotilla.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often the threads of a process gave up or lost a processor so far, from {@code /proc}
 * (proc(5)).
 */
final class ContextSwitches {
    private ContextSwitches() {}

    /** Threads that have ended are not counted. */
    static long of(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            return threads.mapToLong(ContextSwitches::ofThread).sum();
        }
    }

    private static long ofThread(Path thread) {
        List<String> lines;
        try {
            lines = Files.readAllLines(thread.resolve("status"));
        } catch (IOException ended) {
            if (Files.exists(thread)) {
                throw new UncheckedIOException("reading " + thread, ended);
            }
            return 0;
        }
        return lines.stream()
                .filter(line -> line.contains("ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
