package flotilla.fleet.job;

/**
 * A unit known to the cluster and what is wanted of it.
 *
 * @param name full unit name
 * @param hash of its text; another text is another hash
 * @param generation counts what was asked of it, from 1: a unit that is wanted as before at a later
 *     generation is to be started anew
 */
public record Job(String name, String hash, JobState desired, long generation) {
    /** What a job begins with. */
    public static final long FIRST_GENERATION = 1;

    public Job {
        if (name.isEmpty() || hash.isEmpty() || generation < FIRST_GENERATION) {
            throw new IllegalArgumentException("a job needs a name, a hash and a generation");
        }
    }

    /** One that is new. */
    public Job(String name, String hash, JobState desired) {
        this(name, hash, desired, FIRST_GENERATION);
    }

    /** The next thing asked of it. */
    public Job with(JobState state) {
        return new Job(name, hash, state, generation + 1);
    }

    /** Another text of it, the next thing asked of it. */
    public Job with(String otherHash, JobState state) {
        return new Job(name, otherHash, state, generation + 1);
    }

    /** What the machine that gets this job is told. */
    public Assignment assignment() {
        return new Assignment(hash, desired, generation);
    }
}
