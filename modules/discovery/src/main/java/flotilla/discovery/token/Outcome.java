package flotilla.discovery.token;

import java.util.Optional;

/** The answer to an operation. */
public sealed interface Outcome {
    /** It happened. The event is empty for operations on whole tokens, which nobody watches. */
    record Done(Optional<Event> event) implements Outcome {}

    /**
     * It did not, and nothing changed.
     *
     * @param cause the key in question, or what was wrong with it
     */
    record Refused(Reason reason, String cause) implements Outcome {}

    /** etcd v2's errors, by their codes and words. */
    enum Reason {
        KEY_NOT_FOUND(100, 404, "Key not found"),
        COMPARE_FAILED(101, 412, "Compare failed"),
        NOT_A_FILE(102, 403, "Not a file"),
        NOT_A_DIRECTORY(104, 400, "Not a directory"),
        ALREADY_EXISTS(105, 412, "Key already exists"),
        PREV_VALUE_REQUIRED(201, 400, "PrevValue is Required in POST form"),
        TTL_NOT_A_NUMBER(202, 400, "The given TTL in POST form is not a number"),
        INDEX_NOT_A_NUMBER(203, 400, "The given index in POST form is not a number"),
        INVALID_FIELD(209, 400, "Invalid field"),
        EVENT_INDEX_CLEARED(401, 400, "The event in requested index is outdated and cleared"),
        TOKEN_FULL(403, 403, "Token holds as many keys as it may"),
        UNAVAILABLE(300, 500, "Raft Internal Error");

        private final int code;
        private final int status;
        private final String message;

        Reason(int code, int status, String message) {
            this.code = code;
            this.status = status;
            this.message = message;
        }

        public int code() {
            return code;
        }

        /** The HTTP status that etcd gives it. */
        public int status() {
            return status;
        }

        public String message() {
            return message;
        }
    }
}
