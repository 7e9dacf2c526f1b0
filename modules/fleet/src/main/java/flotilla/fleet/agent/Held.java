package flotilla.fleet.agent;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;

/**
 * A unit that this machine's init has from fleet: what of it the init itself can't say.
 *
 * @param hash of the text that was written
 * @param generation of the assignment that was last carried out
 */
public record Held(String hash, Phase phase, long generation) {
    /** How far fleet has brought it; what the init makes of it is another matter. */
    public enum Phase {
        LOADED,
        LAUNCHED,
        /** Launched, and seen to be over since without this machine's doing. */
        ENDED
    }

    boolean isLaunched() {
        return phase != Phase.LOADED;
    }

    Held in(Phase other) {
        return new Held(hash, other, generation);
    }

    /** Brought there as the assignment of that generation says. */
    Held in(Phase other, long carriedOut) {
        return new Held(hash, other, carriedOut);
    }

    /**
     * A launched one as it is seen. What has ended by itself is not started again, by no later
     * daemon either; what may have been ended since nobody said again that it may run, is.
     */
    Held seen(boolean over, boolean permitted) {
        if (!over) {
            return in(Phase.LAUNCHED);
        }
        return phase == Phase.ENDED || permitted ? in(Phase.ENDED) : in(Phase.LOADED);
    }

    /** Whether nothing is left to be ordered. */
    boolean isAs(Assignment told) {
        return switch (told.desired()) {
            case INACTIVE -> false;
            case LOADED -> hash.equals(told.hash()) && !isLaunched();
            case LAUNCHED ->
                    hash.equals(told.hash()) && isLaunched() && generation == told.generation();
        };
    }

    /** What would leave it as it is: for a unit of which it can't be read what is wanted. */
    Told asIs() {
        JobState state = isLaunched() ? JobState.LAUNCHED : JobState.LOADED;
        return new Told(new Assignment(hash, state, generation), Told.UNREAD);
    }
}
