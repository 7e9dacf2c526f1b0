package flotilla.machine.service;

import java.time.Duration;

/** What is to be done for a service; the executor does it and answers with events. */
public sealed interface ServiceAction {
    /** Starts a process; answered by {@link ServiceEvent.Exited} when it ends. */
    record Spawn(ServiceEvent.Role role, ExecCommand command) implements ServiceAction {}

    /**
     * Sends a signal.
     *
     * @param hangUp each process gets a SIGHUP right after it (systemd.kill(5), SendSIGHUP=)
     */
    record Signal(Target target, int signal, boolean hangUp, String reason)
            implements ServiceAction {}

    /** Starts the one timer of the service anew; answered by {@link ServiceEvent.Timeout}. */
    record Arm(Duration after) implements ServiceAction {}

    record Disarm() implements ServiceAction {}

    /** From now on WATCHDOG=1 must come in time, or {@link ServiceEvent.WatchdogExpired} does. */
    record StartWatchdog() implements ServiceAction {}

    /** Looks for the daemon; answered by {@link ServiceEvent.MainFound}. */
    record FindMain() implements ServiceAction {}

    /** Tells {@link ServiceEvent.GroupEmpty} as soon as that is so. */
    record WatchGroup() implements ServiceAction {}

    /** Writes a line to the unit's journal. */
    record Log(String message) implements ServiceAction {}

    /** Who gets a signal. */
    enum Target {
        /** The main and the control process. */
        MAIN,
        /** The control process only. */
        CONTROL,
        /** Every process of the service. */
        GROUP
    }
}
