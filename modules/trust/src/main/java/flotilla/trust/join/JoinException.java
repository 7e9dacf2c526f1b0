package flotilla.trust.join;

import java.io.IOException;

/** The cluster refused: its words say why and what to do. To ask the same again is of no use. */
public final class JoinException extends IOException {
    private static final long serialVersionUID = 1;

    public JoinException(String message) {
        super(message);
    }
}
