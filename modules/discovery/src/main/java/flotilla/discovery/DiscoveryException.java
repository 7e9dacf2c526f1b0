package flotilla.discovery;

/** Joining by a token is impossible, and trying again with the same won't help. */
public final class DiscoveryException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** Why. */
    public enum Kind {
        /** The URL names no token service. */
        INVALID_URL,
        /** What answers there is no token service. */
        BAD_ENDPOINT,
        /** The token is unknown. */
        SIZE_NOT_FOUND,
        /** The token's size is no number. */
        BAD_SIZE,
        /** Others took all places. */
        FULL,
        /** This member id is registered already. */
        DUPLICATE_ID,
        /** Two members have the same name. */
        DUPLICATE_NAME,
        /** A member registered something that is no name and URL. */
        INVALID_MEMBER
    }

    DiscoveryException(Kind kind, String message) {
        super("discovery: " + message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
