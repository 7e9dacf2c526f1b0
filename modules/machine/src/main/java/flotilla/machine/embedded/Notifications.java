package flotilla.machine.embedded;

import flotilla.machine.process.NotifySocket;
import flotilla.machine.service.ServiceEvent;
import flotilla.machine.service.ServiceEvent.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What services tell of themselves (sd_notify(3)): that they are ready, which process is the main
 * one, a word on how they are; and the watchdog that expires when one stays silent. A message of an
 * earlier run is not heard. On the owner's thread.
 */
final class Notifications {
    private final Owner owner;
    private final ProcessWatch processes;
    private final BiConsumer<UnitRuntime, ServiceEvent> events;

    Notifications(
            Owner owner, ProcessWatch processes, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.owner = owner;
        this.processes = processes;
        this.events = events;
    }

    /**
     * Where this run's processes send their messages; the socket is opened when first asked for.
     */
    String address(UnitRuntime unit) throws IOException {
        NotifySocket open = unit.notify;
        if (open == null) {
            String run = unit.invocationId;
            open =
                    NotifySocket.open(
                            "flotilla-notify-" + run,
                            message -> owner.post(() -> told(unit, run, message)));
            unit.notify = open;
        }
        return open.address();
    }

    /**
     * @param run the invocation id of whoever tells it
     */
    void told(UnitRuntime unit, String run, List<String> message) {
        if (!run.equals(unit.invocationId)) {
            return;
        }
        for (String line : message) {
            if (line.startsWith("STATUS=")) {
                unit.statusText = line.substring("STATUS=".length());
            } else if (line.startsWith("MAINPID=") && line.matches("MAINPID=[0-9]{1,9}")) {
                processes.follow(
                        unit, Role.MAIN, Long.parseLong(line.substring("MAINPID=".length())));
            } else if (line.equals("WATCHDOG=1")) {
                armWatchdog(unit);
            }
        }
        if (message.contains("READY=1")) {
            armWatchdog(unit);
            events.accept(unit, new ServiceEvent.Ready());
        }
    }

    private void armWatchdog(UnitRuntime unit) {
        disarmWatchdog(unit);
        Duration limit = unit.loaded.service().orElseThrow().timeouts().watchdog();
        if (!limit.isZero()) {
            unit.watchdog =
                    owner.after(
                            limit, () -> events.accept(unit, new ServiceEvent.WatchdogExpired()));
        }
    }

    /** A run is over: nothing more is heard of it, and nothing expected. */
    void release(UnitRuntime unit) {
        close(unit);
        disarmWatchdog(unit);
    }

    void close(UnitRuntime unit) {
        if (unit.notify != null) {
            unit.notify.close();
            unit.notify = null;
        }
    }

    private static void disarmWatchdog(UnitRuntime unit) {
        if (unit.watchdog != null) {
            unit.watchdog.cancel(false);
            unit.watchdog = null;
        }
    }
}
