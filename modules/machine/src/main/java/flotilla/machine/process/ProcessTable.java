package flotilla.machine.process;

import java.io.FileInputStream;
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

    /** How often a process is looked at that becomes another program: for half a second in all. */
    private static final int LOOKS = 60;

    /** The first pause between two looks; each is twice as long as the one before. */
    private static final long LOOK_NANOS = 200_000;

    /** The longest pause: only a process that gets no processor makes us wait for so long. */
    private static final long LOOK_NANOS_MAX = 10_000_000;

    /** More than nearly every environment has, bytes. */
    private static final int READ_BYTES = 128 << 10;

    /** Where endcode is among the fields behind the name: proc_pid_stat(5). */
    private static final int CODE_END = 24;

    /** Where env_start is, and env_end. */
    private static final int ENVIRONMENT_START = 47;

    private static final int ENVIRONMENT_END = 48;

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
            byte[] buffer = new byte[READ_BYTES];
            for (Path process : processes) {
                read(process, buffer).ifPresent(entries::add);
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

    private static Optional<Entry> read(Path process, byte[] buffer) {
        try {
            long pid = Long.parseLong(process.getFileName().toString());
            String stat = text(process.resolve("stat"));
            String[] fields = fields(stat);
            boolean kernelThread = (Long.parseLong(fields[6]) & KERNEL_THREAD) != 0;
            String environment = kernelThread ? "" : environment(process, buffer);
            return Optional.of(
                    new Entry(
                            pid,
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[3]),
                            fields[0].charAt(0),
                            stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
                            variable(environment, MACHINE_MARK),
                            variable(environment, UNIT_MARK)));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException gone) {
            return Optional.empty(); // It ended while it was read.
        }
    }

    /**
     * Empty for another user's process. In the middle of execve(2) a process has no environment
     * yet, or had one that is gone before it is read: it is looked at again, else a daemon that is
     * just starting would seem to be nobody's. One that was started without any has a place for it,
     * of no length; so has one that the kernel is still setting up, and that has no code yet.
     */
    private static String environment(Path process, byte[] buffer) throws IOException {
        long pauseNanos = LOOK_NANOS;
        for (int look = 0; look < LOOKS; look++) {
            String environment;
            try {
                environment = environ(process, buffer);
            } catch (IOException notOurs) {
                return "";
            }
            String[] fields = fields(text(process.resolve("stat")));
            String end = fields[ENVIRONMENT_END];
            boolean isZombie = fields[0].equals("Z") || fields[0].equals("X");
            boolean isUnset = end.equals("0") || fields[CODE_END].equals("0");
            boolean isCleared = !isUnset && end.equals(fields[ENVIRONMENT_START]);
            if (!environment.isEmpty() || isZombie || isCleared) {
                return environment;
            }
            if (isUnset) {
                LockSupport.parkNanos(pauseNanos);
                pauseNanos = Math.min(2 * pauseNanos, LOOK_NANOS_MAX);
            }
        }
        return "";
    }

    /**
     * In one call of the system, for what lies below the buffer's size: between two, the process
     * may become another program and what was begun has no end.
     */
    private static String environ(Path process, byte[] buffer) throws IOException {
        StringBuilder environment = new StringBuilder();
        try (FileInputStream file = new FileInputStream(process.resolve("environ").toFile())) {
            for (int read = file.read(buffer); read > 0; read = file.read(buffer)) {
                environment.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        }
        return environment.toString();
    }

    /** Those behind the name, which is in parentheses and may itself hold some. */
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
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
