package flotilla.machine.service;

import java.time.Duration;

/** What is to be done for a service; the executor does it and answers with events. */
public sealed interface ServiceAction {
    /** Starts a process; answered by {@link ServiceEvent.Exited} when it ends. */
    record Spawn(ServiceEvent.Role role, ExecCommand command) implements ServiceAction {}

    /** Sends a signal; then {@link ServiceEvent.GroupEmpty} is told once that is so. */
    record Signal(Target target, int signal, String reason) implements ServiceAction {}

    /** Starts the one timer of the service anew; answered by {@link ServiceEvent.Timeout}. */
    record Arm(Duration after) implements ServiceAction {}

    record Disarm() implements ServiceAction {}

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
