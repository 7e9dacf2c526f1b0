package flotilla.fleet.api;

import flotilla.platform.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Units that were told to stop just now, and that clients of the original still see launched. Its
 * agents heard of every change a second late, and until then the unit's heartbeat stayed. Its
 * {@code fleetctl restart} depends on that: it tells a unit to be loaded and then waits for it to
 * be <em>launched</em>, in vain if it doesn't see it so at once. Safe for any thread.
 */
final class AgentLag {
    /** How late the original's agents hear of a change. */
    static final Duration LAG = Duration.ofSeconds(1);

    /** Units remembered at a time; of more the oldest are seen as they are. */
    private static final int MAX = 10_000;

    private final Clock clock;
    private final Map<String, Long> untilNanos = new LinkedHashMap<>();

    AgentLag(Clock clock) {
        this.clock = clock;
    }

    /** The unit was launched, and was told to be so no more. */
    synchronized void toldToStop(String unit) {
        long now = clock.nanos();
        untilNanos.values().removeIf(until -> until - now <= 0);
        if (untilNanos.size() < MAX) {
            untilNanos.put(unit, now + LAG.toNanos());
        }
    }

    /** The unit was told otherwise: it is seen as it is. */
    synchronized void toldOtherwise(String unit) {
        untilNanos.remove(unit);
    }

    synchronized boolean seesLaunched(String unit) {
        Long until = untilNanos.get(unit);
        return until != null && until - clock.nanos() > 0;
    }
}
