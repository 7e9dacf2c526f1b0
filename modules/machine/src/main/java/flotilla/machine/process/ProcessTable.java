package flotilla.machine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The processes that carry a machine's mark in their environment, and their sessions' other
 * members. This stands in for a control group: it also finds what daemonised, and misses only a
 * process that both leaves its session and clears its environment. One scan reads some bytes of
 * each process of this user.
 */
public final class ProcessTable {
    /** The mark of all processes of a machine. */
    public static final String MACHINE_MARK = "FLOTILLA_MACHINE";

    /** The mark of all processes of a unit. */
    public static final String UNIT_MARK = "FLOTILLA_UNIT";

    /** PF_KTHREAD of the kernel's sched.h: it never has a command line. */
    private static final long KERNEL_THREAD = 0x0020_0000;

    /** How often, and after which pauses, a process is looked at that becomes another program. */
    private static final int LOOKS = 100;

    private static final long LOOK_NANOS = 200_000;

    /** How often one is looked at that has a command line and no environment. */
    private static final int SURE_LOOKS = 20;

    private final List<Entry> entries;

    /**
     * @param command its short name, as in /proc/PID/comm
     */
    public record Entry(
            long pid,
            long parent,
            long session,
            char state,
            String command,
            String machine,
            String unit) {
        /** Ended, and not yet reaped. */
        public boolean isZombie() {
            return state == 'Z' || state == 'X';
        }
    }

    private ProcessTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public static ProcessTable scan() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                read(process).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading /proc, without which no process is found", e);
        }
        return new ProcessTable(entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    /** All living processes of a machine. */
    public List<Entry> ofMachine(String machineId) {
        return entries.stream()
                .filter(entry -> !entry.isZombie() && entry.machine.equals(machineId))
                .toList();
    }

    /**
     * All living processes of a unit: by its mark, or without any mark by its sessions.
     *
     * @param sessions the sessions that were started for it
     */
    public List<Entry> ofUnit(String machineId, String unit, Set<Long> sessions) {
        return entries.stream()
                .filter(entry -> !entry.isZombie())
                .filter(entry ->
                        entry.unit.isEmpty()
                                ? sessions.contains(entry.session)
                                : entry.machine.equals(machineId) && entry.unit.equals(unit))
                .toList();
    }

    /** The sessions that have a process. A number without one may come to mean another session. */
    public Set<Long> sessions() {
        return entries.stream().map(Entry::session).collect(Collectors.toSet());
    }

    /**
     * The sessions, but this process' own, of all that it started, directly or not: orphans are its
     * children (PR_SET_CHILD_SUBREAPER), so that neither a daemon's way of detaching itself nor a
     * cleared environment takes one out.
     */
    public Set<Long> sessionsBelow() {
        long self = ProcessHandle.current().pid();
        Map<Long, List<Entry>> children =
                entries.stream().collect(Collectors.groupingBy(Entry::parent));
        Set<Long> sessions = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(List.of(self));
        while (!open.isEmpty()) {
            for (Entry child : children.getOrDefault(open.remove(), List.of())) {
                sessions.add(child.session);
                open.add(child.pid);
            }
        }
        entries.stream()
                .filter(entry -> entry.pid == self)
                .forEach(entry -> sessions.remove(entry.session));
        return sessions;
    }

    /**
     * Whether a process may be the unit's: one that this process' machine started, directly or not,
     * and that carries no other unit's mark. A daemon may have left its session and its
     * environment.
     */
    public boolean mayBelong(long pid, String machineId, String unit) {
        Map<Long, Entry> byPid = new HashMap<>();
        entries.forEach(entry -> byPid.put(entry.pid, entry));
        Entry process = byPid.get(pid);
        long self = ProcessHandle.current().pid();
        if (process == null || process.isZombie() || pid == self) {
            return false;
        }
        boolean marked = !process.unit.isEmpty();
        if (marked && !(process.machine.equals(machineId) && process.unit.equals(unit))) {
            return false;
        }
        Entry ancestor = process;
        for (int steps = 0; ancestor != null && steps <= byPid.size(); steps++) {
            if (ancestor.parent == self) {
                return true;
            }
            ancestor = byPid.get(ancestor.parent);
        }
        return false;
    }

    private static Optional<Entry> read(Path process) {
        try {
            long pid = Long.parseLong(process.getFileName().toString());
            String stat = text(process.resolve("stat"));
            // The name is in parentheses and may itself hold some: proc_pid_stat(5).
            int open = stat.indexOf('(');
            int close = stat.lastIndexOf(')');
            String[] fields = stat.substring(close + 2).split(" ");
            boolean kernelThread = (Long.parseLong(fields[6]) & KERNEL_THREAD) != 0;
            String environment = kernelThread ? "" : environment(process);
            return Optional.of(
                    new Entry(
                            pid,
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[3]),
                            fields[0].charAt(0),
                            stat.substring(open + 1, close),
                            variable(environment, MACHINE_MARK),
                            variable(environment, UNIT_MARK)));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException gone) {
            return Optional.empty(); // It ended while it was read.
        }
    }

    /**
     * Empty for another user's process. In the middle of execve(2) a process has no environment
     * yet, and no command line either: it is looked at again, else a daemon that is just starting
     * would seem to be nobody's. So has a zombie; one that cleared its environment has a command
     * line.
     */
    private static String environment(Path process) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            String environment;
            try {
                environment = text(process.resolve("environ"));
            } catch (IOException notOurs) {
                return "";
            }
            if (!environment.isEmpty() || isZombie(process)) {
                return environment;
            }
            if (text(process.resolve("cmdline")).isEmpty()) {
                LockSupport.parkNanos(LOOK_NANOS);
            } else {
                look += LOOKS / SURE_LOOKS; // Perhaps it came just now.
            }
        }
        return "";
    }

    private static boolean isZombie(Path process) throws IOException {
        String stat = text(process.resolve("stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        return state == 'Z' || state == 'X';
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static String variable(String environment, String name) {
        String key = name + "=";
        int at = environment.startsWith(key) ? 0 : environment.indexOf("\0" + key) + 1;
        if (at == 0 && !environment.startsWith(key)) {
            return "";
        }
        int end = environment.indexOf('\0', at);
        return environment.substring(at + key.length(), end < 0 ? environment.length() : end);
    }
}
