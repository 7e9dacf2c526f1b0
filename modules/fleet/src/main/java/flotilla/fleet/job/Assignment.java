package flotilla.fleet.job;

/**
 * What one machine is told of one unit.
 *
 * @param desired {@link JobState#INACTIVE} when the machine is to stop it, remove it and say that
 *     it has
 * @param generation of the job that this is from
 */
public record Assignment(String hash, JobState desired, long generation) {
    public Assignment {
        if (hash.isEmpty() || generation < Job.FIRST_GENERATION) {
            throw new IllegalArgumentException("an assignment is of a unit's text");
        }
    }

    /** The same, taken back. */
    public Assignment withdrawn() {
        return new Assignment(hash, JobState.INACTIVE, generation);
    }

    /** Whether the machine is to give the unit up. */
    public boolean isWithdrawn() {
        return desired == JobState.INACTIVE;
    }
}
