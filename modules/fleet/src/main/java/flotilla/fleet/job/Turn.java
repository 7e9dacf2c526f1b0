package flotilla.fleet.job;

/**
 * A unit's place among several that are to be started anew one after another.
 *
 * @param id of the wave: those of one wave wait for each other
 * @param position the lower goes first; equal ones go together
 */
public record Turn(String id, int position) {
    public Turn {
        if (id.isEmpty() || position < 0) {
            throw new IllegalArgumentException("a turn is of a wave, at a position from 0");
        }
    }
}
