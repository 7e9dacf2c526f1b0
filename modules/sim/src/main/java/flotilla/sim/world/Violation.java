package flotilla.sim.world;

/** A promise was broken. */
public final class Violation extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
