package flotilla.fleet.job;

/**
 * A unit known to the cluster and what is wanted of it.
 *
 * @param name full unit name
 * @param hash of its text; another text is another hash
 */
public record Job(String name, String hash, JobState desired) {
    public Job {
        if (name.isEmpty() || hash.isEmpty()) {
            throw new IllegalArgumentException("a job needs a name and a hash");
        }
    }

    public Job with(JobState state) {
        return new Job(name, hash, state);
    }

    /** What the machine that gets this job is told. */
    public Assignment assignment() {
        return new Assignment(hash, desired);
    }
}
