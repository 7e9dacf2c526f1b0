package flotilla.sim.world;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * True time, in nanoseconds from 0, and all that is still to happen. One event at a time; those of
 * one moment in the order they were asked for. The same seed gives the same events.
 */
public final class World {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final SplittableRandom random;
    private final PriorityQueue<Event> coming = new PriorityQueue<>();
    private long now;
    private long asked;
    private long happened;
    private long trace;
    private @Nullable Violation broken;

    private record Event(long at, long number, String name, Runnable what)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    public World(long seed) {
        random = new SplittableRandom(seed);
    }

    public long now() {
        return now;
    }

    /** Where all chance comes from. */
    public RandomGenerator random() {
        return random;
    }

    /** Between 0 and a bound, mostly small: halved or doubled as often. */
    public long about(long typicalNanos) {
        return (long) (typicalNanos * -Math.log(1 - random.nextDouble()));
    }

    public boolean chance(int permille) {
        return permille > 0 && random.nextInt(1_000) < permille;
    }

    /**
     * Lets something happen later.
     *
     * @param name in the trace
     */
    public void after(long nanos, String name, Runnable what) {
        coming.add(new Event(now + Math.max(0, nanos), asked++, name, what));
    }

    /** Lets the next event happen; its time comes with it. */
    public void next() {
        Event event = coming.remove();
        now = event.at;
        happened++;
        note(event.name, event.number);
        event.what.run();
        if (broken != null) {
            throw broken;
        }
    }

    /**
     * A promise was broken. Whoever says so should throw what this returns; but whatever catches
     * it, the event that is under way is the run's last.
     *
     * @param promise in few words, and always the same for it
     */
    @SuppressWarnings("AnnotateFormatMethod") // of a library that this room doesn't know
    public Violation broken(String promise, String detail, Object... arguments) {
        Violation violation = new Violation(promise + ": " + detail.formatted(arguments));
        if (broken == null) {
            broken = violation;
        }
        return violation;
    }

    /** How many events have happened. */
    public long happened() {
        return happened;
    }

    /** Puts something into the trace: two runs of one seed must have the same. */
    public void note(String what, long detail) {
        trace = (trace ^ what.hashCode() ^ detail ^ now) * MIX;
        trace ^= trace >>> 29;
    }

    /** Stands for all that has happened, in order. */
    public long trace() {
        return trace;
    }
}
