package flotilla.machine.service;

/** What can happen to a service. */
public sealed interface ServiceEvent {
    /** Someone or a dependency wants it up. */
    record Start() implements ServiceEvent {}

    /** Someone or a dependency wants it down. */
    record Stop() implements ServiceEvent {}

    record Reload() implements ServiceEvent {}

    /** The failed state is to be forgotten, and the starts counted. */
    record Reset() implements ServiceEvent {}

    /** A process ended, or could not be started (then the exit code is systemd's for that). */
    record Exited(Role role, Exit exit) implements ServiceEvent {}

    /** READY=1. */
    record Ready() implements ServiceEvent {}

    /** The daemon that a forking service left was found; or, with false, that there is none. */
    record MainFound(boolean found) implements ServiceEvent {}

    /** No process of the service is left. */
    record GroupEmpty() implements ServiceEvent {}

    /** The timer of the phase has run out. */
    record Timeout() implements ServiceEvent {}

    /** WATCHDOG=1 stayed out for too long. */
    record WatchdogExpired() implements ServiceEvent {}

    /** Which process of a service is meant. */
    enum Role {
        MAIN,
        CONTROL
    }
}
