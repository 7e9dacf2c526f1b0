/**
 * A daemon's side of the service manager that started it: readiness and watchdog (sd_notify(3)),
 * and the socket that it was handed (sd_listen_fds(3)). Without a manager all of it does nothing.
 * Knows no daemon. Read {@link flotilla.platform.notify.Notifier} first.
 */
@NullMarked
package flotilla.platform.notify;

import org.jspecify.annotations.NullMarked;
