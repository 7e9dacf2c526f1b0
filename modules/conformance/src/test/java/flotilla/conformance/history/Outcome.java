package flotilla.conformance.history;

import flotilla.sim.model.Answer;

/** What a client knows after it asked. */
sealed interface Outcome {
    record Told(Answer answer) implements Outcome {}

    /** The store said that it is not done, and won't be. */
    record Refused() implements Outcome {}

    /** It may be done, or will be, or never. */
    record Unknown() implements Outcome {}
}
