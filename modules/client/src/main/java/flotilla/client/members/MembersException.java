package flotilla.client.members;

import org.jspecify.annotations.Nullable;

/** The members of a store are not as they should be; the words say why, and what to do. */
public final class MembersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MembersException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
