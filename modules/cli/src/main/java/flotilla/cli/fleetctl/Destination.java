package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitBody;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which machine is meant by the name of a machine or of a unit. */
record Destination(FleetClient fleet, Machines machines) {
    static Destination in(FleetClient fleet) {
        return new Destination(fleet, Machines.of(fleet));
    }

    /**
     * The id of the machine.
     *
     * @throws CommandFailure when it is neither, or both
     */
    String of(String typed) {
        List<String> found = machines.called(typed);
        Optional<UnitBody> unit = unit(typed);
        if (!found.isEmpty() && unit.isPresent()) {
            throw new CommandFailure(
                    "%s is a unit, and could be the machine %s: say which with --unit or --machine"
                            .formatted(typed, list(found)));
        }
        if (unit.isPresent()) {
            return ofUnit(unit.get());
        }
        if (found.isEmpty()) {
            throw new CommandFailure(
                    "no machine and no unit is called %s: see 'fleetctl list-machines' and 'fleetctl list-unit-files'"
                            .formatted(typed));
        }
        return machines.named(typed);
    }

    private Optional<UnitBody> unit(String typed) {
        return typed.contains("/") ? Optional.empty() : fleet.unit(UnitArgument.withSuffix(typed));
    }

    /** The id of the one that has the unit. */
    String ofUnit(String typed) {
        return ofUnit(new KnownUnits(fleet).get(typed));
    }

    private String ofUnit(UnitBody unit) {
        String name = String.valueOf(unit.name());
        if (unit.currentState() == null) {
            List<String> ids =
                    fleet.states(name).stream()
                            .map(StateBody::machineID)
                            .map(String::valueOf)
                            .toList();
            throw new CommandFailure(
                    "%s is global, on %s: say which with --machine"
                            .formatted(name, ids.isEmpty() ? "no machine yet" : list(ids)));
        }
        String machine = unit.machineID();
        if (machine == null || machine.isEmpty()) {
            throw new CommandFailure("Unit " + name + " does not appear to be running.");
        }
        return machine;
    }

    private String list(List<String> ids) {
        return ids.stream().map(id -> machines.legend(id, false)).collect(Collectors.joining(", "));
    }
}
