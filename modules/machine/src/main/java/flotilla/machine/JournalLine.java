package flotilla.machine;

import java.time.Instant;

/**
 * One line of a unit's log.
 *
 * @param identifier what logged it: the program's name, or {@code init} for the init itself
 * @param pid its process, 0 when unknown
 */
public record JournalLine(Instant time, String unit, String identifier, long pid, String message) {}
