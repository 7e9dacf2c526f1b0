package flotilla.fleet.agent;

import flotilla.fleet.job.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * What this machine is told of one unit.
 *
 * @param revision of the placement, by which it is acknowledged; {@link #UNREAD} when it can't be
 *     read
 */
record Told(Assignment assignment, long revision) {
    /** No placement has it: of what can't be read nothing is acknowledged. */
    static final long UNREAD = 0;

    /** Whether the machine may keep what it has of the unit. */
    static boolean isWanted(@Nullable Told told) {
        return told != null && !told.assignment().isWithdrawn();
    }
}
