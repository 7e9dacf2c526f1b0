package flotilla.store.log.peer;

import io.netty.handler.codec.DecoderException;

/** What came in is not what a member says: the connection it came on is closed. */
final class Malformed extends DecoderException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
        super(message);
    }

    Malformed(String message, Throwable cause) {
        super(message, cause);
    }
}
