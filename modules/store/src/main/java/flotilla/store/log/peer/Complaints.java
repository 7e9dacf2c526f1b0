package flotilla.store.log.peer;

import flotilla.platform.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with others, in the log: the same again only after a while. On the loop. */
final class Complaints {
    /** How often the same is said at most. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Complaints that are remembered; beyond that all are forgotten, and may be said again. */
    private static final int REMEMBERED_MAX = 256;

    private static final Logger log = LoggerFactory.getLogger(Complaints.class);

    private final Clock clock;
    private final Map<String, Long> saidNanos = new HashMap<>();

    Complaints(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param about whom or what it is about: what is the same
     */
    void say(String about, String words) {
        long now = clock.nanos();
        Long before = saidNanos.get(about);
        if (before != null && now - before < PAUSE.toNanos()) {
            return;
        }
        if (saidNanos.size() >= REMEMBERED_MAX) {
            saidNanos.clear();
        }
        saidNanos.put(about, now);
        log.warn("{}: {} (this is said at most once a minute)", about, words);
    }

    /** It is well again: the next complaint about it is news. */
    void forget(String about) {
        saidNanos.remove(about);
    }
}
