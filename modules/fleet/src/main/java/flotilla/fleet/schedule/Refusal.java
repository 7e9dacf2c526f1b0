package flotilla.fleet.schedule;

/**
 * Why one machine can't have a unit.
 *
 * @param machine its name for people
 * @param reason such as {@code needs 512M, 300M free}
 */
public record Refusal(String machineId, String machine, String reason) {
    @Override
    public String toString() {
        return machine + ": " + reason;
    }
}
