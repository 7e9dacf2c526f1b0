package flotilla.conformance.servers;

/**
 * This system doesn't give what a test needs. What it says is for a reader of the test's report.
 */
public final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String message) {
        super(message);
    }
}
