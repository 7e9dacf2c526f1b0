package flotilla.fleet.api;

/** A request that is answered with an error. */
final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    /**
     * @param code HTTP status
     */
    ApiException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
