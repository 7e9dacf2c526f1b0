package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A unit's status for people: what its machine's init says, or why it has no machine. */
record StatusText(FleetClient fleet, MachineRoutes routes) {
    void print(StatusBody status) {
        String reasons = Reasons.of(status);
        if (!reasons.isEmpty()) {
            System.out.println(reasons);
        }
        List<StateBody> states = Objects.requireNonNullElse(status.states(), List.of());
        if (states.isEmpty()) {
            if (reasons.isEmpty()) {
                System.out.printf(
                        "Unit %s does not appear to be loaded (wanted %s).%n",
                        status.name(), status.desiredState());
            }
            return;
        }
        Machines machines = Machines.of(fleet);
        String gap = reasons.isEmpty() ? "" : "\n";
        for (StateBody state : states) {
            String id = String.valueOf(state.machineID());
            System.out.print(gap);
            gap = "\n";
            if (states.size() > 1) {
                System.out.println("on " + machines.label(id) + ":");
            }
            System.out.println(told(status.name(), state, machines));
            if (state.health() != null) {
                System.out.println("   Health: " + state.health());
            }
        }
    }

    /** What the machine itself says; where it can't be asked what the cluster knows, and why. */
    private String told(String unit, StateBody state, Machines machines) {
        try {
            return text(unit, String.valueOf(state.machineID()))
                    .orElseGet(() -> far(state, machines));
        } catch (FleetException e) {
            return far(state, machines) + "\n   (" + e.getMessage() + ")";
        }
    }

    private Optional<String> text(String unit, String machineId) {
        Optional<URI> socket = routes.socketOf(machineId);
        if (socket.isEmpty()) {
            return text(fleet.status(unit, machineId), machineId);
        }
        try (FleetClient there = FleetClient.to(socket.get())) {
            return text(there.status(unit), machineId);
        }
    }

    private static Optional<String> text(Optional<StatusBody> told, String machineId) {
        return told.filter(status ->
                        status.machineID() == null || machineId.equals(status.machineID()))
                .map(StatusBody::text)
                .map(String::stripTrailing);
    }

    /** What the cluster knows, and how to get there. */
    private static String far(StateBody state, Machines machines) {
        String id = String.valueOf(state.machineID());
        String ip = machines.ip(id);
        return """
        ● %s on %s
           Loaded: %s%s
           Active: %s (%s)
        For more: ssh core@%s systemctl status -l %s\
        """
                .formatted(
                        state.name(),
                        machines.label(id),
                        state.systemdLoadState(),
                        reason(state),
                        state.systemdActiveState(),
                        state.systemdSubState(),
                        ip.isEmpty() ? machines.label(id) : ip,
                        state.name());
    }

    /** As systemctl says why it could not load a unit. */
    private static String reason(StateBody state) {
        String error = state.systemdLoadError();
        return error == null ? "" : " (Reason: " + error + ")";
    }
}
