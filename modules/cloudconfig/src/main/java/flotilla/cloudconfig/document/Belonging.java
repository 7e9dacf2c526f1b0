package flotilla.cloudconfig.document;

import java.util.Optional;

/** How a machine comes to a cluster whose machines know each other by certificates. */
public sealed interface Belonging {
    /** Where others reach the machine; empty: the address that it goes out by. */
    Optional<String> address();

    /** As its first machine. */
    record First(Optional<String> name, Optional<String> address) implements Belonging {}

    /**
     * As one more.
     *
     * @param url of a machine that signs
     * @param token a join token; for no log
     * @param tokenFile what holds it instead
     */
    record Another(
            String url,
            Optional<String> token,
            Optional<String> tokenFile,
            Optional<String> address)
            implements Belonging {
        /** Without the token. */
        @Override
        public String toString() {
            return "Another[" + url + "]";
        }
    }
}
