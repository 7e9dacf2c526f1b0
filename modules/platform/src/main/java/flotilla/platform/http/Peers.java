package flotilla.platform.http;

import java.io.IOException;

/** How a machine speaks to the others of its cluster, where TLS proves both. */
@FunctionalInterface
public interface Peers {
    /**
     * Whoever asked closes the caller.
     *
     * @param address of the other machine
     * @throws IOException when this machine's own certificate can't be used
     */
    HttpCaller at(String address) throws IOException;
}
