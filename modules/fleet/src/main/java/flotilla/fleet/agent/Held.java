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
        LAUNCHED
    }

    Held in(Phase other) {
        return new Held(hash, other, generation);
    }

    /** Brought there as the assignment of that generation says. */
    Held in(Phase other, long carriedOut) {
        return new Held(hash, other, carriedOut);
    }

    /** Whether nothing is left to be ordered. */
    boolean isAs(Assignment told) {
        return switch (told.desired()) {
            case INACTIVE -> false;
            case LOADED -> hash.equals(told.hash()) && phase == Phase.LOADED;
            case LAUNCHED ->
                    hash.equals(told.hash())
                            && phase == Phase.LAUNCHED
                            && generation == told.generation();
        };
    }

    /** What would leave it as it is: for a unit of which it can't be read what is wanted. */
    Told asIs() {
        JobState state = phase == Phase.LOADED ? JobState.LOADED : JobState.LAUNCHED;
        return new Told(new Assignment(hash, state, generation), Told.UNREAD);
    }
}
