package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
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
        KnownUnits known = new KnownUnits(fleet);
        List<UnitBody> units =
                known.named(typed, KnownUnits::active).stream().map(known::get).toList();
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
        Waiter waiter = new Waiter(fleet, blocking.attempts());
        waiter.await(pending, state);
        // Off its machine, or told to stop, is not stopped yet.
        if (state == JobState.INACTIVE) {
            waiter.awaitGone(pending);
        } else {
            waiter.awaitStopped(pending);
        }
        if (!pending.isEmpty()) {
            String past = verb.equals("stop") ? "stopped" : "unloaded";
            System.err.printf("Successfully %s units [%s].%n", past, String.join(" ", pending));
        }
        return 0;
    }
}
