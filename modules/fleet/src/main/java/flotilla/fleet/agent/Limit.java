package flotilla.fleet.agent;

import flotilla.fleet.job.OnLost;

/**
 * Whether a unit may have been ended by the time up to which the init lets it run, and not by
 * itself: while its machine is not sure, and, as the init kills at its own time, until it is seen a
 * while after the machine is sure again. What an earlier daemon left may have been ended so too.
 */
final class Limit {
    /** Until it is seen what the init ended before it was told otherwise, in milliseconds. */
    private static final long SEEN_MILLIS = 1_000;

    /** Until one is stopped again that has stopped, but still seems to run, in milliseconds. */
    private static final long STOP_AGAIN_MILLIS = 500;

    private boolean mayHaveEnded;
    private long stopAgainAt = Long.MIN_VALUE;

    Limit(boolean inherited) {
        this.mayHaveEnded = inherited;
    }

    /** That time is over. */
    void isOver() {
        mayHaveEnded = true;
    }

    /**
     * How far a launched unit is as it is seen.
     *
     * @param isFresh whether it is so now; else it may be from before the unit was started, and
     *     what seems to have ended by itself is looked at first
     */
    Held seen(Held have, InitView init, boolean isFresh, Pass pass) {
        boolean permitted = init.onLost() == OnLost.KEEP || (pass.wasSureFor(0) && !mayHaveEnded);
        Held seen = have.seen(init.isOver(), permitted);
        if (isFresh || seen.phase() != Held.Phase.ENDED) {
            return seen;
        }
        pass.lookAt(init.name());
        return have;
    }

    void looked(Pass pass) {
        mayHaveEnded = mayHaveEnded && !pass.wasSureFor(SEEN_MILLIS);
    }

    /** Has the init looked at as soon as that tells. */
    void wantLook(Pass pass) {
        if (mayHaveEnded && pass.mayStart()) {
            pass.wantLook();
        }
    }

    /** Whether it is to be stopped: the init may not have said yet that it has. */
    boolean stopsNow(Pass pass) {
        if (pass.now() < stopAgainAt) {
            pass.wakeAt(stopAgainAt);
            return false;
        }
        stopAgainAt = pass.now() + STOP_AGAIN_MILLIS;
        return true;
    }
}
