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
    /** How far the job is on its way, by this; another text of it, from before, does not count. */
    public JobState of(Job job) {
        if (!hash.equals(job.hash())) {
            return JobState.INACTIVE;
        }
        return launched ? JobState.LAUNCHED : JobState.LOADED;
    }
}
