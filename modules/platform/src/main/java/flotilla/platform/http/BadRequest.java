package flotilla.platform.http;

/** A request that is not served: its status, and as message what is wrong with it. */
final class BadRequest extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String why) {
        super(why, null);
        this.status = status;
    }

    int status() {
        return status;
    }
}
