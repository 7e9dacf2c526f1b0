package flotilla.fleet.schedule;

/**
 * Where a unit belongs.
 *
 * @param reason why there
 */
public record Placement(String machineId, String reason) {}
