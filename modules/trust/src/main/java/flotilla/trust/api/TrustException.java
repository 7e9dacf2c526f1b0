package flotilla.trust.api;

/** A request that is answered with an error: its words say what is wrong, and what to do. */
public final class TrustException extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    /**
     * @param status HTTP's
     */
    public TrustException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
