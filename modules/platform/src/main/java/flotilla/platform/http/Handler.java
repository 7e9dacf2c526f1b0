package flotilla.platform.http;

/** Answers requests; called on a virtual thread of the request's own, so it may block. */
@FunctionalInterface
public interface Handler {
    /** An exception becomes a 500 with its message, and is logged. */
    Response handle(Request request) throws Exception;
}
