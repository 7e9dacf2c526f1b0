package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What load and start share.
 *
 * @param verb as it was typed
 */
record Activation(FleetClient fleet, String verb, JobState state) {
    /** What a unit's init says when no process of it is left. */
    private static final Set<String> OVER = Set.of("failed", "inactive");

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
            startOver(asBefore, waiter, blocking.waits());
        }
        waiter.await(pending, state);
        if (state == JobState.LAUNCHED) {
            waiter.awaitRunning(pending);
        }
        problems.requireNone();
        return 0;
    }

    /**
     * fleet starts a launched unit once: one that has failed or ended since is only started again
     * when it is asked for anew.
     *
     * @param launched units that were wanted launched already
     */
    private void startOver(Set<String> launched, Waiter waiter, boolean waits)
            throws InterruptedException {
        Set<String> over =
                waiter.states(launched).stream()
                        .filter(state -> OVER.contains(String.valueOf(state.systemdActiveState())))
                        .map(state -> String.valueOf(state.name()))
                        .collect(Collectors.toCollection(TreeSet::new));
        Map<String, Long> asked =
                over.isEmpty() ? Map.of() : fleet.restart(List.copyOf(over), true);
        for (Map.Entry<String, Long> unit : asked.entrySet()) {
            if (waits) {
                waiter.awaitRestarted(unit.getKey(), unit.getValue(), false);
            }
        }
    }
}
