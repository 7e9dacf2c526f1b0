package flotilla.machine.embedded;

import flotilla.machine.process.NotifySocket;
import flotilla.machine.service.ServiceEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * What services tell of themselves (sd_notify(3)): that they are ready, which process is the main
 * one, a word on how they are; and the watchdog that expires when one stays silent. A message of an
 * earlier run is not heard. On the owner's thread.
 */
final class Notifications {
    /** EXTEND_TIMEOUT_USEC= may not ask for more than this at once. */
    private static final Duration EXTENSION_MAX = Duration.ofDays(1);

    /** What is wrong with messages is said so often in a run. */
    private static final int COMPLAINTS_MAX = 10;

    private final Owner owner;
    private final JournalFiles journal;
    private final ProcessWatch processes;
    private final UnitTimers timers;
    private final BiConsumer<UnitRuntime, ServiceEvent> events;

    Notifications(
            Site site,
            ProcessWatch processes,
            UnitTimers timers,
            BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.owner = site.owner();
        this.journal = site.journal();
        this.processes = processes;
        this.timers = timers;
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
                            message -> owner.await(() -> received(unit, run, message)));
            unit.notify = open;
        }
        return open.address();
    }

    private void received(UnitRuntime unit, String run, NotifySocket.Message message) {
        if (!run.equals(unit.invocationId)) {
            return;
        }
        NotifyAccess access = NotifyAccess.of(unit.loaded);
        if (!access.admits(unit, message.sender())) {
            complain(
                    unit,
                    "Got notification message from PID %d, but NotifyAccess=%s does not let it speak"
                            .formatted(message.sender(), access.name().toLowerCase(Locale.ROOT)));
        } else if (message.tooLong()) {
            complain(
                    unit,
                    "Received notify message exceeded maximum size (%,d bytes). Ignoring."
                            .formatted(NotifySocket.MESSAGE_BYTES_MAX));
        } else {
            told(unit, run, message.lines());
        }
    }

    /** Not more often than a few times a run: who floods us with messages fills no journal. */
    private void complain(UnitRuntime unit, String what) {
        if (++unit.complaints <= COMPLAINTS_MAX) {
            journal.note(unit.name(), unit.name() + ": " + what);
        }
    }

    /**
     * @param run the invocation id of whoever tells it
     */
    void told(UnitRuntime unit, String run, List<String> message) {
        if (!run.equals(unit.invocationId)) {
            return;
        }
        for (String line : message) {
            String value = line.substring(line.indexOf('=') + 1);
            if (line.startsWith("STATUS=")) {
                unit.statusText = value;
            } else if (line.matches("MAINPID=[0-9]{1,9}")) {
                if (!processes.followNamed(unit, Long.parseLong(value))) {
                    complain(
                            unit,
                            "New main PID %s does not belong to service, refusing."
                                    .formatted(value));
                }
            } else if (line.matches("EXTEND_TIMEOUT_USEC=[0-9]{1,15}")) {
                Duration asked = Duration.of(Long.parseLong(value), ChronoUnit.MICROS);
                timers.extend(unit, asked.compareTo(EXTENSION_MAX) > 0 ? EXTENSION_MAX : asked);
            } else if (line.equals("WATCHDOG=1")) {
                armWatchdog(unit);
            } else if (line.equals("WATCHDOG=trigger")) {
                events.accept(unit, new ServiceEvent.WatchdogExpired());
            }
        }
        if (message.contains("READY=1")) {
            events.accept(unit, new ServiceEvent.Ready());
        }
        if (message.contains("STOPPING=1")) {
            events.accept(unit, new ServiceEvent.Stopping());
        }
    }

    /** From now on a WATCHDOG=1 must come in time. */
    void armWatchdog(UnitRuntime unit) {
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
