package flotilla.sim.check;

/**
 * What a store is, if it did one thing after the other.
 *
 * @param <S> states; values, told apart by equals and hashCode
 * @param <I> requests
 * @param <O> answers, compared by equals
 */
public interface Model<S, I, O> {
    S initial();

    Step<S, O> step(S state, I request);

    /** What becomes of a state, and what the client is told. */
    record Step<S, O>(S state, O answer) {}
}
