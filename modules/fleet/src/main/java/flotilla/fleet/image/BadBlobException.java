package flotilla.fleet.image;

/** Bytes that are not what they were said to be: whoever sent them is not to send them again. */
public final class BadBlobException extends Exception {
    private static final long serialVersionUID = 1L;

    BadBlobException(String message) {
        super(message);
    }
}
