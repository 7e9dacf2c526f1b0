package flotilla.fleet.api;

import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;

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

    /** What a status other than 2xx says, in the words of its body. */
    static FleetException answered(int status, String text) {
        return new FleetException(status, message(status, text));
    }

    private static String message(int status, String text) {
        try {
            JsonObject error = JsonObject.read(text).object("error");
            String message = error == null ? null : error.text("message");
            if (message != null) {
                return message;
            }
        } catch (JsonException e) {
            return "HTTP " + status + ": " + text;
        }
        return "HTTP " + status;
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
