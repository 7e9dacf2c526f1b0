package flotilla.raft.sim;

/** A promise was broken. */
public final class Violation extends RuntimeException {
    // The annotation that it asks for is no dependency of this room.
    @SuppressWarnings("AnnotateFormatMethod")
    Violation(String promise, String how, Object... values) {
        super(promise + ": " + how.formatted(values));
    }
}
