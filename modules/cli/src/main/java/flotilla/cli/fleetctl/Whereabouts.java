package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.api.UnitBody;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A machine that has a unit, and how its journal is reached.
 *
 * @param host its name for people
 * @param socket its own fleet's; empty: the fleet we talk to hands on what it is asked
 */
record Whereabouts(String unit, boolean global, String machine, String host, Optional<URI> socket) {
    /** At least one; of a unit that is not global exactly one. */
    static List<Whereabouts> of(FleetClient fleet, MachineRoutes routes, String name) {
        UnitBody unit =
                fleet.unit(name)
                        .orElseThrow(() -> new CommandFailure("Unit " + name + " does not exist."));
        boolean global = unit.currentState() == null;
        List<String> ids =
                global
                        ? fleet.states(name).stream()
                                .map(StateBody::machineID)
                                .map(String::valueOf)
                                .toList()
                        : Optional.ofNullable(unit.machineID()).stream().toList();
        if (ids.isEmpty()) {
            throw new CommandFailure("Unit " + name + " does not appear to be running.");
        }
        Machines machines = Machines.of(fleet);
        return ids.stream()
                .map(id ->
                        new Whereabouts(name, global, id, machines.label(id), routes.socketOf(id)))
                .toList();
    }

    /** Whether that machine has the unit now, as far as it can be asked. */
    boolean answers(FleetClient fleet) {
        try {
            return status(fleet).filter(status -> status.text() != null).isPresent();
        } catch (FleetException e) {
            return false;
        }
    }

    private Optional<StatusBody> status(FleetClient fleet) {
        if (socket.isEmpty()) {
            return fleet.status(unit, machine);
        }
        try (FleetClient there = FleetClient.to(socket.get())) {
            return there.status(unit);
        }
    }
}
