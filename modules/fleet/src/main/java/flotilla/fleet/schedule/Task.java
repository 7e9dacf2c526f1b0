package flotilla.fleet.schedule;

import java.util.Optional;

/**
 * A unit that wants a machine.
 *
 * @param family what template it is an instance of (its prefix); empty for a plain unit. Instances
 *     of one template are spread
 * @param current the machine that has it now; always empty for a global one
 */
public record Task(
        String name, String family, Requirements requirements, Optional<String> current) {
    /** Two units that name each other leave each other alone, as in the original. */
    boolean replaces(Task other) {
        return requirements.replacesUnit(other.name())
                && !other.requirements.replacesUnit(name)
                && !other.requirements.global()
                && !other.name().equals(name);
    }
}
