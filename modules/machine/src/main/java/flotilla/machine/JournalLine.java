package flotilla.machine;

import java.time.Instant;

/**
 * One line of a unit's log.
 *
 * @param identifier what logged it: the program's name, or {@code init} for the init itself
 * @param pid its process, 0 when unknown
 * @param cursor by which its journal finds it again; empty for a line that stands in none, such as
 *     one that says what is missing
 */
public record JournalLine(
        Instant time, String unit, String identifier, long pid, String message, String cursor) {
    /** A line that its journal can't be asked for again. */
    public JournalLine(Instant time, String unit, String identifier, long pid, String message) {
        this(time, unit, identifier, pid, message, "");
    }
}
