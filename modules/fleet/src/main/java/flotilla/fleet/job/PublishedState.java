package flotilla.fleet.job;

/**
 * What a machine says of a unit it holds.
 *
 * @param hash of the text that its init has read
 * @param load as {@link flotilla.machine.UnitState#load}, and so on
 * @param launched whether its init was told to start it
 */
public record PublishedState(
        String unit,
        String machineId,
        String hash,
        String load,
        String active,
        String sub,
        boolean launched) {
    public JobState jobState() {
        return launched ? JobState.LAUNCHED : JobState.LOADED;
    }
}
