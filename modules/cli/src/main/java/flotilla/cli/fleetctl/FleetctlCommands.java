package flotilla.cli.fleetctl;

import java.util.List;

/** The commands that stand both at the top level and below {@code flotilla fleetctl}. */
public final class FleetctlCommands {
    private FleetctlCommands() {}

    /** New objects per call: picocli keeps a parsed command line's values in them. */
    public static List<Object> all(EndpointFinder finder, MachineRoutes routes) {
        return List.of(
                new ListMachines(finder),
                new ListUnits(finder),
                new ListUnitFiles(finder),
                new Submit(finder),
                new Load(finder),
                new Start(finder),
                new Stop(finder),
                new Unload(finder),
                new Destroy(finder),
                new Restart(finder),
                new Status(finder, routes),
                new Cat(finder),
                new Journal(finder, routes),
                new FleetctlVersion());
    }
}
