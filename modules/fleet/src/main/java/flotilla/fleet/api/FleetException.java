package flotilla.fleet.api;

/**
 * fleet's API answered with an error, or not at all.
 *
 * <p>{@link #code} is the HTTP status; 0 when there was no answer.
 */
public final class FleetException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    FleetException(int code, String message) {
        super(message);
        this.code = code;
    }

    FleetException(String message, Throwable cause) {
        super(message, cause);
        this.code = 0;
    }

    public int code() {
        return code;
    }

    /** Nothing was found under that name. */
    public boolean isNotFound() {
        return code == 404;
    }

    /** What was asked for is wrong in itself, and nothing was done: a client's error, in HTTP. */
    public boolean isRefusal() {
        return code >= 400 && code < 500;
    }

    /** It is not there yet, or not just now: asking again may help. */
    public boolean isTemporary() {
        return code == 503 || code == 0;
    }
}
