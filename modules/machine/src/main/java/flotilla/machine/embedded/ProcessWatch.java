package flotilla.machine.embedded;

import flotilla.machine.process.Spawner;
import flotilla.machine.service.Exit;
import flotilla.machine.service.ServiceEvent;
import flotilla.machine.service.ServiceEvent.Role;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** Follows each unit's main and control process and tells when they end. On the owner's thread. */
final class ProcessWatch {
    private final Owner owner;
    private final GroupWatch groups;
    private final BiConsumer<UnitRuntime, ServiceEvent> events;

    ProcessWatch(Owner owner, GroupWatch groups, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.owner = owner;
        this.groups = groups;
        this.events = events;
    }

    /** Follows what a service says is its main process from now on; false if that can't be. */
    boolean followNamed(UnitRuntime unit, long pid) {
        boolean accepted = pid == unit.mainPid || groups.mayBeMain(unit, pid);
        if (accepted) {
            follow(unit, Role.MAIN, pid);
        }
        return accepted;
    }

    /** Follows a process, our child or one that is about to be (its parent has just ended). */
    void follow(UnitRuntime unit, Role role, long pid) {
        if (role == Role.MAIN) {
            if (unit.mainPid == pid) {
                return;
            }
            unit.mainPid = pid;
        } else {
            unit.controlPid = pid;
        }
        Runnable ended = () -> owner.post(() -> ended(unit, role, pid));
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent()) {
            var _ = handle.get().onExit().thenRun(ended);
        } else {
            ended.run();
        }
    }

    private void ended(UnitRuntime unit, Role role, long pid) {
        OptionalInt status = Spawner.reap(pid);
        Exit exit = status.isPresent() ? Exit.ofWaitStatus(status.getAsInt()) : Exit.code(0);
        boolean current = (role == Role.MAIN ? unit.mainPid : unit.controlPid) == pid;
        if (current && role == Role.MAIN) {
            unit.mainPid = 0;
        } else if (current) {
            unit.controlPid = 0;
        }
        if (current) {
            events.accept(unit, new ServiceEvent.Exited(role, exit));
        }
        groups.poll();
    }
}
