package flotilla.fleet.job;

/**
 * What one machine is told of one unit.
 *
 * @param desired {@link JobState#LOADED} or {@link JobState#LAUNCHED}
 */
public record Assignment(String hash, JobState desired) {
    public Assignment {
        if (hash.isEmpty() || desired == JobState.INACTIVE) {
            throw new IllegalArgumentException("an assignment is of a unit's text, to be active");
        }
    }
}
