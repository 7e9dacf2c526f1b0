package flotilla.sim.check;

/** What is known of a history after it was checked. */
public sealed interface Verdict {
    /** There is an order in which a store that does one thing after the other would answer so. */
    record Linearizable() implements Verdict {}

    /**
     * There is none.
     *
     * @param stuck the operation that no order could take in, of the attempt that came furthest
     * @param placed how many operations that attempt had put in order
     */
    record Broken(Operation<?, ?> stuck, int placed) implements Verdict {}

    /** Nobody knows: the search was given up. Never to be taken for a pass. */
    record OutOfBudget(long steps) implements Verdict {}
}
