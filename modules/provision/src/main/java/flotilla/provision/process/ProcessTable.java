package flotilla.provision.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of our processes run just now. Asked of /proc each time (the main class and the directory
 * stand in the command line), so there is no pid file that could name a stranger after a crash.
 */
public final class ProcessTable {
    /** A killed process is gone at once, unless the kernel is busy writing for it. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(20);

    private ProcessTable() {}

    /** The process that runs this main class for this directory, if one does. */
    public static Optional<ProcessHandle> find(Class<?> main, Path directory) {
        return Optional.ofNullable(all(main).get(directory));
    }

    /** The processes that run this main class, by their directories; one look at all there is. */
    public static Map<Path, ProcessHandle> all(Class<?> main) {
        Map<Path, ProcessHandle> found = new HashMap<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            List<String> words = arguments(process.pid());
            int directory = words.indexOf(main.getName()) + 1;
            if (directory > 0 && directory < words.size()) {
                found.putIfAbsent(Path.of(words.get(directory)), process);
            }
        }
        return found;
    }

    /** The words of a process's command line; empty when it is gone or not ours to see. */
    static List<String> arguments(long pid) {
        String line = commandLine(pid);
        return line.isEmpty() ? List.of() : List.of(line.split("\0"));
    }

    private static String commandLine(long pid) {
        try {
            Path file = Path.of("/proc", Long.toString(pid), "cmdline");
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // It ended while we looked, which is an answer.
        }
    }

    /** SIGTERM, and SIGKILL when it has not ended by then. True when it went by itself. */
    public static boolean terminate(ProcessHandle process, Duration patience)
            throws InterruptedException {
        process.destroy();
        if (ended(process, patience)) {
            return true;
        }
        kill(process);
        return false;
    }

    public static void kill(ProcessHandle process) throws InterruptedException {
        process.destroyForcibly();
        ended(process, KILL_PATIENCE);
    }

    /**
     * A zombie has no command line and counts as ended: in a container whose first process reaps
     * nobody it would stay in the table for ever.
     */
    private static boolean ended(ProcessHandle process, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (process.isAlive() && !commandLine(process.pid()).isEmpty()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }
}
