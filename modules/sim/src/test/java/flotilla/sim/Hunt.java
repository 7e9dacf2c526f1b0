package flotilla.sim;

import static org.assertj.core.api.Assertions.fail;

import flotilla.proof.Mutant;
import flotilla.sim.world.Violation;
import java.lang.reflect.InvocationTargetException;
import java.util.stream.LongStream;

/**
 * Runs of a simulation with a bug in what it simulates. After a change that makes other runs of the
 * same seeds another seed may be the one that shows it: it is looked for, and said which. None says
 * that the simulation has become blind.
 */
public final class Hunt {
    /** How many seeds are tried where the one that is kept shows nothing any more. */
    private static final int SEEDS_MAX = 200;

    private final Mutant mutant;
    private final Class<?> simulation;
    private final long events;

    /**
     * @param simulation has one method {@code run(long seed, long events)}, static, which throws
     *     what is broken
     */
    public Hunt(Line line, Class<?> simulation, long events) {
        this.mutant = line.mutant();
        this.simulation = simulation;
        this.events = events;
    }

    /** Fails when that seed doesn't show that the bug breaks that promise. */
    public void finds(long seed, String breaks) {
        String broken = violation(seed);
        if (!broken.contains(breaks)) {
            fail("seed %d shows \"%s\": %s", seed, broken, another(breaks));
        }
    }

    /** A seed to keep in place of one that shows nothing any more, in words. */
    private String another(String breaks) {
        return LongStream.rangeClosed(1, SEEDS_MAX)
                .filter(seed -> violation(seed).contains(breaks))
                .mapToObj(seed -> "seed %d shows \"%s\": keep that".formatted(seed, breaks))
                .findFirst()
                .orElse("nor does any other up to %d show it".formatted(SEEDS_MAX));
    }

    /** What breaks in a run; empty if nothing does. */
    private String violation(long seed) {
        try {
            mutant.call(simulation.getName(), "run", seed, events);
            return "";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause == null || !cause.getClass().getName().equals(Violation.class.getName())) {
                throw new IllegalStateException("simulating a mutant", cause);
            }
            return String.valueOf(cause.getMessage());
        }
    }
}
