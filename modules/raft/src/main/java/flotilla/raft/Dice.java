package flotilla.raft;

/**
 * Chance that is none: the same seed gives the same numbers (splitmix64; Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014). Good enough to keep members from
 * standing for election at the same tick again and again.
 */
final class Dice {
    private long state;

    Dice(long seed) {
        state = seed;
    }

    /** Uniform in {@code 0..bound-1}, for bounds far below 2^63. */
    int below(int bound) {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) bound);
    }
}
