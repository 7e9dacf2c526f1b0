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

    /** A process could not even be tried: its environment file is missing, say. */
    record Refused(Role role) implements ServiceEvent {}

    /** The main process has become its program. */
    record Executed() implements ServiceEvent {}

    /** READY=1. */
    record Ready() implements ServiceEvent {}

    /** STOPPING=1. */
    record Stopping() implements ServiceEvent {}

    /** What the search for the daemon of a forking service led to. */
    record Searched(Daemon daemon) implements ServiceEvent {}

    /** No process of the service is left. */
    record GroupEmpty() implements ServiceEvent {}

    /** The timer of the phase has run out. */
    record Timeout() implements ServiceEvent {}

    /** WATCHDOG=1 stayed out for too long. */
    record WatchdogExpired() implements ServiceEvent {}

    /** What a forking service left. */
    enum Daemon {
        FOUND,
        /** There is no telling which process it is, or whether there is one. */
        UNKNOWN,
        /** It promised a PIDFile= and left nothing. */
        MISSING
    }

    /** Which process of a service is meant. */
    enum Role {
        MAIN,
        CONTROL
    }
}
