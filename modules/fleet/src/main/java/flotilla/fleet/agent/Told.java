package flotilla.fleet.agent;

import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Health;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this machine is told of one unit.
 *
 * @param revision of the placement, by which it is acknowledged; {@link #UNREAD} when it can't be
 *     read
 */
public record Told(Assignment assignment, long revision) {
    /** No placement has it: of what can't be read nothing is acknowledged. */
    static final long UNREAD = 0;

    /** Whether the machine may keep what it has of the unit. */
    static boolean isWanted(@Nullable Told told) {
        return told != null && !told.assignment().isWithdrawn();
    }

    /** Whether it may go on by the very text that the machine has. */
    static boolean isToStay(@Nullable Told told, Held have) {
        return told != null && isWanted(told) && told.assignment().hash().equals(have.hash());
    }

    /**
     * What the machine answers; empty while it is not carried out.
     *
     * @param have none when the init has nothing of the unit: it has stopped, and its file is gone
     */
    Optional<Acknowledgement> answer(@Nullable Held have, Health health) {
        boolean released = assignment.isWithdrawn() && have == null;
        boolean carriedOut = released || (have != null && have.isAs(assignment));
        Health said = released ? Health.UNKNOWN : health;
        return carriedOut && revision != UNREAD
                ? Optional.of(
                        new Acknowledgement(revision, assignment.generation(), released, said))
                : Optional.empty();
    }
}
