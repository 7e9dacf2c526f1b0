package flotilla.fleet.gate;

/** Who asks is not known, or may not; the words say what would help. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    /**
     * @param status HTTP's: 401 for who is not known, 403 for who may not
     */
    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
