package flotilla.fleet.registry;

/** A key holds what it should not; nothing can be done but to skip it and say so. */
public final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String message) {
        super(message);
    }
}
