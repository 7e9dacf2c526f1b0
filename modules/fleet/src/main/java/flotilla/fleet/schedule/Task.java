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
        String name, String family, Requirements requirements, Optional<String> current) {}
