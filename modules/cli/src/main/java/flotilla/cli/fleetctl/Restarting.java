package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.job.JobState;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Has units that are launched launched again: loaded, and from there anew. */
record Restarting(FleetClient fleet, Waiter waiter) {
    /** What a unit's init says when no process of it is left. */
    private static final Set<String> OVER = Set.of("failed", "inactive");

    void restart(String unit) throws InterruptedException {
        fleet.setDesiredState(unit, JobState.LOADED);
        waiter.await(Set.of(unit), JobState.LOADED);
        waiter.awaitStopped(Set.of(unit));
        fleet.setDesiredState(unit, JobState.LAUNCHED);
        waiter.await(Set.of(unit), JobState.LAUNCHED);
        waiter.awaitRunning(Set.of(unit));
    }

    /** On all its machines at once. */
    void restartGlobal(String unit) throws InterruptedException {
        fleet.setDesiredState(unit, JobState.LOADED);
        waiter.awaitStopped(Set.of(unit));
        fleet.setDesiredState(unit, JobState.LAUNCHED);
        if (!fleet.states(unit).isEmpty()) {
            waiter.awaitRunning(Set.of(unit));
        }
    }

    /**
     * fleet starts a launched unit once: one that has failed or ended since is only started again
     * if it is seen loaded in between.
     *
     * @param launched units that were wanted launched already
     */
    void over(Set<String> launched) throws InterruptedException {
        Set<String> over =
                waiter.states(launched).stream()
                        .filter(state -> OVER.contains(String.valueOf(state.systemdActiveState())))
                        .map(StateBody::name)
                        .map(String::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
        over.forEach(unit -> fleet.setDesiredState(unit, JobState.LOADED));
        waiter.awaitQuietly(over, JobState.LOADED);
        over.forEach(unit -> fleet.setDesiredState(unit, JobState.LAUNCHED));
    }
}
