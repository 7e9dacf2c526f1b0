package flotilla.fleet.engine;

/** What the engine wants to be done. */
public sealed interface Action {
    /**
     * Change something, on the conditions that the decision names and that this engine leads. The
     * outcome comes back as an event with the same number.
     *
     * @param number grows
     */
    record Carry(long number, Decision decision) implements Action {}

    /**
     * Send a tick then; the last one said counts.
     *
     * @param monotonicMillis as of {@link flotilla.fleet.job.Now}
     */
    record WakeAt(long monotonicMillis) implements Action {}
}
