package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What load and start share.
 *
 * @param verb as it was typed
 */
record Activation(FleetClient fleet, String verb, JobState state) {
    int run(Submitter submitter, List<String> typed, Blocking blocking)
            throws InterruptedException {
        Waiter waiter = new Waiter(fleet, blocking.attempts());
        Set<String> pending = new TreeSet<>();
        Set<String> asBefore = new TreeSet<>();
        List<String> units = new KnownUnits(fleet).named(typed, KnownUnits::any);
        Problems problems = new Problems(units.size());
        for (Submitter.Pending brought : submitter.bring(units, state, problems)) {
            if (brought.asBefore() && !brought.global()) {
                asBefore.add(brought.name());
            }
            if (brought.global()) {
                System.out.println("Triggered global unit " + brought.name() + " " + verb);
            } else if (blocking.waits()) {
                pending.add(brought.name());
            } else {
                System.out.println("Triggered unit " + brought.name() + " " + verb);
            }
        }
        if (state == JobState.LAUNCHED) {
            new Restarting(fleet, waiter).over(asBefore);
        }
        waiter.await(pending, state);
        if (state == JobState.LAUNCHED) {
            waiter.awaitRunning(pending);
        }
        problems.requireNone();
        return 0;
    }
}
