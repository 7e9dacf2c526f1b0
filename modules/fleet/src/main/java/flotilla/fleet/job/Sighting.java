package flotilla.fleet.job;

import java.time.Duration;

/**
 * What is remembered of a machine beyond its lease.
 *
 * @param fenceMillis as of {@link Machine#fenceMillis}
 * @param goneMillis when it was seen to be gone, in milliseconds since 1970; 0 while it is there
 */
public record Sighting(long fenceMillis, long goneMillis) {
    /** How long after a machine was last there what was said of it at run time is kept. */
    public static final Duration KEPT = Duration.ofDays(30);

    public Sighting {
        if (fenceMillis < 0 || goneMillis < 0) {
            throw new IllegalArgumentException("neither a fence nor a time is negative");
        }
    }

    public boolean isGone() {
        return goneMillis > 0;
    }

    /**
     * Whether the machine has been gone for so long that it is not expected any more.
     *
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public boolean isOver(long nowMillis) {
        return isGone() && nowMillis - goneMillis >= KEPT.toMillis();
    }
}
