package flotilla.cli.fleetctl;

import java.net.URI;
import java.util.Optional;

/** The way to one certain machine, for what only that machine knows: its init's status and logs. */
@FunctionalInterface
public interface MachineRoutes {
    /** Its fleet API; empty when the machine is down or there is no way that we know. */
    Optional<URI> socketOf(String machineId);
}
