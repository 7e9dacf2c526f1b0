package flotilla.cli.fleetctl;

import java.util.List;

/** The commands that stand both at the top level and below {@code flotilla fleetctl}. */
public final class FleetctlCommands {
    private FleetctlCommands() {}

    /** New objects per call: picocli keeps a parsed command line's values in them. */
    public static List<Object> all(EndpointFinder finder, MachineRoutes routes) {
        return List.of();
    }
}
