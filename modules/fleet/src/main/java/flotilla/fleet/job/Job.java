package flotilla.fleet.job;

import java.util.Optional;

/**
 * A unit known to the cluster and what is wanted of it.
 *
 * @param name full unit name
 * @param hash of its text; another text is another hash
 * @param generation counts what was asked of it, from 1: a unit that is wanted as before at a later
 *     generation is to be started anew
 * @param turn when it is started anew as one of several, one after another
 * @param previous hash of the text that it had before a rollout gave it this one, or took another
 *     back; of use only while that rollout is remembered
 */
public record Job(
        String name,
        String hash,
        JobState desired,
        long generation,
        Optional<Turn> turn,
        Optional<String> previous) {
    /** What a job begins with. */
    public static final long FIRST_GENERATION = 1;

    public Job {
        if (name.isEmpty() || hash.isEmpty() || generation < FIRST_GENERATION) {
            throw new IllegalArgumentException("a job needs a name, a hash and a generation");
        }
    }

    public Job(String name, String hash, JobState desired, long generation) {
        this(name, hash, desired, generation, Optional.empty(), Optional.empty());
    }

    /** One that is new. */
    public Job(String name, String hash, JobState desired) {
        this(name, hash, desired, FIRST_GENERATION);
    }

    /** The next thing asked of it. */
    public Job with(JobState state) {
        return new Job(name, hash, state, generation + 1, Optional.empty(), previous);
    }

    /** The same asked once more, as one of several: a unit that is launched is started anew. */
    public Job again(Turn among) {
        return new Job(name, hash, desired, generation + 1, Optional.of(among), previous);
    }

    /** Another text of it, the next thing asked of it. */
    public Job with(String otherHash, JobState state) {
        return new Job(name, otherHash, state, generation + 1);
    }

    /** Another text of it by a rollout, which remembers the present one. */
    public Job rolledTo(String otherHash) {
        return new Job(
                name, otherHash, desired, generation + 1, Optional.empty(), Optional.of(hash));
    }

    /**
     * Another text of a global unit by a rollout. The same is asked of each machine as before: so
     * one that never had the other text has nothing to do when that is taken back.
     */
    public Job spreadTo(String otherHash) {
        return new Job(name, otherHash, desired, generation, turn, Optional.of(hash));
    }

    /** As a machine has it that keeps another text for now. */
    public Job keeping(String itsHash) {
        return new Job(name, itsHash, desired, generation, turn, previous);
    }

    /** What the machine that gets this job is told. */
    public Assignment assignment() {
        return new Assignment(hash, desired, generation);
    }
}
