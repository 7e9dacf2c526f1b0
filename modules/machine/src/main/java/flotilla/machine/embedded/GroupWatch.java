package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Reaper;
import flotilla.machine.process.Spawner;
import flotilla.machine.service.Phase;
import flotilla.machine.service.Service;
import flotilla.machine.service.ServiceEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells when a unit that stops, or whose main process is not known, has no process left: looks when
 * a child ends, and in between at growing intervals while a unit stops, one scan for all units.
 * Also reaps adopted orphans. On the owner's thread.
 */
final class GroupWatch {
    /**
     * How often adopted orphans that ended are looked for, and whether a unit whose main process is
     * not known still runs, while nothing else happens.
     */
    private static final Duration REAP_INTERVAL = Duration.ofSeconds(5);

    private final String machineId;
    private final Owner owner;
    private final Reaper reaper;
    private final BiConsumer<UnitRuntime, ServiceEvent> events;
    private final Set<UnitRuntime> watched = new LinkedHashSet<>();
    private final Set<UnitRuntime> running = new HashSet<>();
    private Set<Long> zombies = new HashSet<>();
    private PollInterval delay = PollInterval.FIRST;
    private boolean scheduled;

    GroupWatch(Site site, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.machineId = site.config().machineId();
        this.owner = site.owner();
        this.reaper = site.reaper();
        this.events = events;
        owner.every(REAP_INTERVAL, this::reap);
    }

    /** Whatever is looked for, the reaper learns what there is. */
    private ProcessTable scan() {
        ProcessTable table = ProcessTable.scan();
        Set<Long> sessions = table.sessionsBelow();
        running.forEach(unit -> sessions.addAll(unit.sessions));
        reaper.remember(sessions);
        return table;
    }

    void watch(UnitRuntime unit) {
        watched.add(unit);
        delay = PollInterval.FIRST;
        // Not at once: the caller is in the middle of a step.
        owner.post(this::poll);
    }

    /** A process was started for the unit, in a session of its own. */
    void started(UnitRuntime unit, long pid) {
        unit.sessions.add(pid);
        running.add(unit);
        reaper.started(pid);
    }

    /** Whether a process may become the unit's main one, as something said. */
    boolean mayBeMain(UnitRuntime unit, long pid) {
        return pid != unit.controlPid && scan().mayBelong(pid, machineId, unit.name());
    }

    List<ProcessTable.Entry> members(UnitRuntime unit) {
        return members(scan(), unit);
    }

    private List<ProcessTable.Entry> members(ProcessTable table, UnitRuntime unit) {
        return table.ofUnit(machineId, unit.name(), unit.sessions);
    }

    void poll() {
        watched.removeIf(unit -> !unit.service.phase().isKilling() && !runsUnknown(unit));
        if (watched.isEmpty()) {
            return;
        }
        lookAgain();
        ProcessTable table = scan();
        for (UnitRuntime unit : List.copyOf(watched)) {
            if (!unit.hasProcesses() && members(table, unit).isEmpty()) {
                watched.remove(unit);
                events.accept(unit, new ServiceEvent.GroupEmpty());
            }
        }
    }

    /** Before looking now, so that a look that fails is not the last one. */
    private void lookAgain() {
        boolean soon = watched.stream().anyMatch(unit -> unit.service.phase().isKilling());
        if (soon && !scheduled) {
            scheduled = true;
            var _ =
                    owner.after(
                            delay.length(),
                            () -> {
                                scheduled = false;
                                poll();
                            });
            delay = delay.next();
        }
    }

    private static boolean runsUnknown(UnitRuntime unit) {
        return unit.service.phase() == Phase.RUNNING && unit.service.main() == Service.Main.UNKNOWN;
    }

    private void reap() {
        ProcessTable table = scan();
        reapOrphans(table);
        forgetSessions(table);
        poll();
    }

    /**
     * Orphans become our children (PR_SET_CHILD_SUBREAPER) and nobody else waits for them. A child
     * that has been dead for a whole interval is one of them: all others are reaped at once, by us
     * or by the JDK.
     */
    private void reapOrphans(ProcessTable table) {
        long self = ProcessHandle.current().pid();
        Set<Long> dead = new HashSet<>();
        for (ProcessTable.Entry entry : table.entries()) {
            if (entry.parent() == self && entry.isZombie()) {
                dead.add(entry.pid());
            }
        }
        dead.stream().filter(zombies::contains).forEach(Spawner::reap);
        zombies = dead;
    }

    /** The kernel gives numbers out again: a session that has ended must not be taken for ours. */
    private void forgetSessions(ProcessTable table) {
        Set<Long> living = table.sessions();
        running.forEach(unit -> unit.sessions.retainAll(living));
        running.removeIf(unit -> unit.sessions.isEmpty());
    }
}
