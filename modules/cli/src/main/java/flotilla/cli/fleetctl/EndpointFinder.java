package flotilla.cli.fleetctl;

import java.net.URI;
import java.util.Optional;

/** Where fleet's API is when nobody said. */
@FunctionalInterface
public interface EndpointFinder {
    /** {@code unix:///path} or {@code http://host:port}; empty when there is no local cluster. */
    Optional<URI> endpoint();
}
