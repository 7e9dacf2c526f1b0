package flotilla.platform.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a daemon tells the service manager that waits for its word ({@code Type=notify}, {@code
 * WatchdogSec=}). Nothing depends on it: a word that can't be said is logged. Safe from any thread.
 */
public final class Notifier {
    private static final Logger log = LoggerFactory.getLogger(Notifier.class);

    private final String address;
    private final Optional<Duration> limit;

    private Notifier(String address, Optional<Duration> limit) {
        this.address = address;
        this.limit = limit;
    }

    /** Of this process; one that nobody waits for has nobody to tell. */
    public static Notifier ofThisProcess() {
        return of(System.getenv(), ProcessHandle.current().pid());
    }

    /**
     * Of a process that has this environment.
     *
     * @param pid the process', for the watchdog may be meant for another one
     */
    public static Notifier of(Map<String, String> environment, long pid) {
        String meant = environment.getOrDefault("WATCHDOG_PID", "");
        boolean isMeant = meant.isEmpty() || meant.equals(Long.toString(pid));
        return new Notifier(
                environment.getOrDefault("NOTIFY_SOCKET", ""),
                isMeant ? micros(environment.getOrDefault("WATCHDOG_USEC", "")) : Optional.empty());
    }

    private static Optional<Duration> micros(String text) {
        return text.matches("[1-9]\\d{0,17}")
                ? Optional.of(Duration.ofNanos(Long.parseLong(text) * 1000))
                : Optional.empty();
    }

    /** After so long without {@link #alive} the manager takes the daemon for hung, if it looks. */
    public Optional<Duration> watchdog() {
        return address.isEmpty() ? Optional.empty() : limit;
    }

    /** It serves: whoever waits for it may go on. */
    public void ready() {
        say("READY=1");
    }

    /** For {@code systemctl status}: what it does, or waits for. One line. */
    public void status(String words) {
        say("STATUS=" + words.replace('\n', ' '));
    }

    /** It ends by order. */
    public void stopping() {
        say("STOPPING=1");
    }

    /** It is not hung. */
    public void alive() {
        say("WATCHDOG=1");
    }

    private void say(String word) {
        if (address.isEmpty()) {
            return;
        }
        try {
            Libc.send(address, word);
        } catch (IOException e) {
            log.warn("telling the service manager {}: {}", word, e.getMessage());
        }
    }
}
