package flotilla.raft.sim;

/** A promise was broken. */
public final class Violation extends RuntimeException {
    Violation(String promise, String how, Object... values) {
        super(promise + ": " + how.formatted(values));
    }
}
