package flotilla.store.corruption;

import java.time.Duration;

/**
 * When the members' states are compared.
 *
 * @param ordinary before each comparison, as long as they come to an end
 */
record Rhythm(Duration ordinary) {
    /** Before one that came to no end is made again for the first time; then twice as long. */
    static final Duration SOON = Duration.ofSeconds(5);

    /** The longest such pause: each member reads all its keys for a comparison. */
    static final Duration SOON_MAX = Duration.ofMinutes(10);

    /** So often doubled it is longer than {@link #SOON_MAX}. */
    private static final int DOUBLINGS_MAX = 7;

    /**
     * @param failures so many came to no end, one after the other
     */
    Duration pause(int failures) {
        if (failures == 0) {
            return ordinary;
        }
        Duration soon = SOON.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        return min(ordinary, min(soon, SOON_MAX));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
