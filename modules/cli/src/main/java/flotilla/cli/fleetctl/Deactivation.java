package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What stop and unload share.
 *
 * @param verb as it was typed
 */
record Deactivation(FleetClient fleet, String verb, JobState state) {
    /**
     * @param check refuses a unit by throwing
     */
    int run(List<String> typed, Blocking blocking, Consumer<UnitBody> check)
            throws InterruptedException {
        List<UnitBody> units = new ArrayList<>();
        for (String name : typed) {
            units.add(known(new UnitArgument(name).name().full()));
        }
        units.forEach(check);
        Set<String> pending = new TreeSet<>();
        for (UnitBody unit : units) {
            String name = String.valueOf(unit.name());
            fleet.setDesiredState(name, state);
            if (unit.currentState() == null) {
                System.out.println("Triggered global unit " + name + " " + verb);
            } else if (blocking.waits()) {
                pending.add(name);
            } else {
                System.out.println("Triggered unit " + name + " " + verb);
            }
        }
        new Waiter(fleet, blocking.attempts()).await(pending, state);
        if (!pending.isEmpty()) {
            String past = verb.equals("stop") ? "stopped" : "unloaded";
            System.err.printf("Successfully %s units %s.%n", past, List.copyOf(pending));
        }
        return 0;
    }

    private UnitBody known(String name) {
        return fleet.unit(name)
                .orElseThrow(() -> new CommandFailure("Unit " + name + " does not exist."));
    }
}
