package flotilla.fleet.schedule;

import java.util.Optional;

/**
 * What one check finds of a unit at a machine.
 *
 * @param check the option that it is about, such as {@code MachineMetadata}, or {@code eligibility}
 * @param objection why the machine can't have the unit; empty when the check does not stand against
 *     it
 */
public record Finding(String check, Optional<String> objection) {}
