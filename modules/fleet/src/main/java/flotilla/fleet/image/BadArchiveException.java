package flotilla.fleet.image;

/** A file that is no image as {@code docker save} writes it; the words say what is wrong. */
public final class BadArchiveException extends Exception {
    private static final long serialVersionUID = 1L;

    BadArchiveException(String message) {
        super(message);
    }
}
