package flotilla.machine.process;

import flotilla.machine.service.Signals;
import java.util.List;
import java.util.stream.Collectors;

/** What a machine process that died in mid-air left running. */
public final class Leftovers {
    /** A killed process can leave one more behind; so many rounds end even a busy forker. */
    private static final int ROUNDS_MAX = 50;

    /** Between rounds, for the kernel to take the killed away. */
    private static final long PAUSE_MS = 10;

    private Leftovers() {}

    /**
     * Kills with SIGKILL every process that carries the machine's mark, but this one, and waits
     * till they are gone. Blocks for up to half a second.
     *
     * @return how many were killed
     * @throws InterruptedException when interrupted; some may be left then
     * @throws IllegalStateException when some could not be killed, with their process ids
     */
    public static int kill(String machineId) throws InterruptedException {
        long self = ProcessHandle.current().pid();
        java.util.Set<Long> killed = new java.util.HashSet<>();
        List<Long> alive = List.of();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            alive =
                    ProcessTable.scan().ofMachine(machineId).stream()
                            .map(ProcessTable.Entry::pid)
                            .filter(pid -> pid != self)
                            .toList();
            if (alive.isEmpty()) {
                return killed.size();
            }
            alive.forEach(pid -> Spawner.kill(pid, Signals.KILL));
            killed.addAll(alive);
            Thread.sleep(PAUSE_MS);
        }
        throw new IllegalStateException(
                "processes of machine "
                        + machineId
                        + " survive SIGKILL: "
                        + alive.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
}
