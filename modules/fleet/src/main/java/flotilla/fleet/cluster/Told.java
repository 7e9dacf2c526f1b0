package flotilla.fleet.cluster;

import flotilla.fleet.job.Assignment;
import java.util.Optional;
import java.util.Set;

/**
 * What one machine is told of one unit.
 *
 * @param assignment empty when it can't be read
 * @param sinceMillis when the machine was told, in milliseconds since 1970; 0 when not known
 * @param revision of this placement, by which the machine answers
 * @param earlier hashes of other texts that it may have of the unit until it answers
 */
public record Told(
        Optional<Assignment> assignment, long sinceMillis, long revision, Set<String> earlier) {
    public Told {
        earlier = Set.copyOf(earlier);
    }

    /** Whether the machine is to give the unit up. */
    public boolean isWithdrawn() {
        return assignment.filter(Assignment::isWithdrawn).isPresent();
    }
}
