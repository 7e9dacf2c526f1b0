package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.Belonging;
import java.io.IOException;

/** Makes this machine one of a cluster's. */
@FunctionalInterface
public interface Membership {
    /** For machines that don't come to a cluster so. */
    Membership NONE =
            _ -> {
                throw new IOException(
                        "\"flotilla:\" is for real machines and hosts: this one has no certificates");
            };

    /**
     * Blocks until it is one. Does nothing on one that is already.
     *
     * @throws IOException why it could not be, and what to do
     */
    void take(Belonging how) throws IOException, InterruptedException;
}
