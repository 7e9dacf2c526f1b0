package flotilla.fleet.job;

/**
 * What a machine says of a unit it holds.
 *
 * @param hash of the text that its init has read
 * @param load as {@link flotilla.machine.UnitState#load}, and so on
 * @param launched whether its init was told to start it
 * @param loadError why the machine could not give it to its init, as systemd's {@code LoadError};
 *     empty when it could
 * @param health how the unit fares
 */
public record PublishedState(
        String unit,
        String machineId,
        String hash,
        String load,
        String active,
        String sub,
        boolean launched,
        String loadError,
        Health health) {
    /** Of one of whose health nothing is known. */
    public PublishedState(
            String unit,
            String machineId,
            String hash,
            String load,
            String active,
            String sub,
            boolean launched,
            String loadError) {
        this(unit, machineId, hash, load, active, sub, launched, loadError, Health.UNKNOWN);
    }

    public PublishedState with(Health other) {
        return new PublishedState(
                unit, machineId, hash, load, active, sub, launched, loadError, other);
    }

    /** Of one that could not be loaded, in systemd's words. */
    public static PublishedState unloadable(
            String unit, String machineId, String hash, String loadError) {
        return new PublishedState(
                unit, machineId, hash, "error", "inactive", "dead", false, loadError);
    }

    /**
     * How far the job is on its way, by this; another text of it, from before, does not count, and
     * one that could not be loaded neither.
     */
    public JobState of(Job job) {
        if (!hash.equals(job.hash()) || !loadError.isEmpty()) {
            return JobState.INACTIVE;
        }
        return launched ? JobState.LAUNCHED : JobState.LOADED;
    }
}
