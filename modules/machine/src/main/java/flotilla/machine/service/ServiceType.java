package flotilla.machine.service;

/** {@code Type=}: when a service counts as started. */
public enum ServiceType {
    /** At once. */
    SIMPLE,
    /** When its program is executed. */
    EXEC,
    /** When its process has ended, command after command. */
    ONESHOT,
    /** When its first process has ended and left a daemon behind. */
    FORKING,
    /** When it says so on the notify socket. */
    NOTIFY
}
