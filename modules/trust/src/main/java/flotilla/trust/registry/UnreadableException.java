package flotilla.trust.registry;

/** The cluster's memory holds what can't be read; its words name the key, and what to do. */
public final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
