package flotilla.machine.service;

import java.util.Locale;

/** How a service's last run went, in systemd's words. */
public enum Result {
    SUCCESS,
    EXIT_CODE,
    SIGNAL,
    CORE_DUMP,
    TIMEOUT,
    WATCHDOG,
    /** Ready was promised and never told, or there was no main process to be found. */
    PROTOCOL,
    /** It could not even be tried: no such user, bad file, unit not supported. */
    RESOURCES,
    START_LIMIT_HIT;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
