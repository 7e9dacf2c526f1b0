package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitBody;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A machine that has a unit, and how its journal is reached.
 *
 * @param host its name for people
 * @param socket empty when the fleet we talk to is that machine's
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
        List<Whereabouts> all =
                ids.stream()
                        .map(id ->
                                new Whereabouts(
                                        name, global, id, machines.label(id), routes.socketOf(id)))
                        .toList();
        if (all.stream().noneMatch(place -> place.socket().isEmpty())) {
            return all;
        }
        Whereabouts first = all.getFirst();
        if (!isHere(fleet, name)) {
            throw new CommandFailure(
                    "%s logs on %s, which can't be reached from here: ssh core@%s journalctl -u %s"
                            .formatted(name, first.host(), machines.ip(first.machine()), name));
        }
        return List.of(
                global ? new Whereabouts(name, true, "", "localhost", Optional.empty()) : first);
    }

    /** Whether the machine we talk to has the unit. */
    private static boolean isHere(FleetClient fleet, String unit) {
        return fleet.status(unit).filter(status -> status.text() != null).isPresent();
    }

    /** Whether that machine has the unit now, as far as it can be asked. */
    boolean answers() {
        if (socket.isEmpty()) {
            return true;
        }
        try (FleetClient there = FleetClient.to(socket.get())) {
            return isHere(there, unit);
        } catch (FleetException e) {
            return false;
        }
    }
}
