package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks on until units are where they were told to be, and meanwhile says why they are not. Ctrl-C
 * ends only the looking on: what was asked for stays asked for.
 */
final class Waiter {
    /** fleetctl's: how often it looks. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** One attempt of {@code --block-attempts} lasts so many looks: two seconds. */
    private static final int LOOKS_PER_ATTEMPT = 8;

    /** Looks after which a unit that was launched and is inactive has run and ended. */
    private static final int LOOKS_UNTIL_ENDED = 6;

    /** Units up to which each is asked for by name. */
    private static final int FEW = 8;

    private final FleetClient fleet;
    private final int looksMax;
    private final Map<String, String> said = new HashMap<>();
    private int looks;

    /**
     * @param attempts of two seconds each; 0 is for ever
     */
    Waiter(FleetClient fleet, int attempts) {
        this.fleet = fleet;
        this.looksMax = attempts <= 0 ? Integer.MAX_VALUE : attempts * LOOKS_PER_ATTEMPT;
    }

    /** Until each is in the state; prints a line per unit. */
    void await(Set<String> units, JobState state) throws InterruptedException {
        Set<String> left = new TreeSet<>(units);
        while (!left.isEmpty()) {
            Map<String, UnitBody> now = look(left);
            for (String name : List.copyOf(left)) {
                UnitBody unit = now.get(name);
                if (unit != null && state.text().equals(unit.currentState())) {
                    left.remove(name);
                    System.out.println(line(unit, state));
                }
            }
            pause(left, state);
        }
    }

    private String line(UnitBody unit, JobState state) {
        String where = Machines.of(fleet).legend(unit.machineID(), false);
        return "Unit %s %s%s"
                .formatted(unit.name(), state.text(), where.isEmpty() ? "" : " on " + where);
    }

    private Map<String, UnitBody> look(Set<String> names) {
        List<UnitBody> units =
                names.size() <= FEW
                        ? names.stream().flatMap(name -> fleet.unit(name).stream()).toList()
                        : fleet.listUnits();
        return units.stream().collect(Collectors.toMap(u -> String.valueOf(u.name()), u -> u));
    }

    /** Until systemd's own state is settled; fails for those that did not start. */
    void awaitRunning(Set<String> units) throws InterruptedException {
        Set<String> left = new TreeSet<>(units);
        Set<String> failed = new TreeSet<>();
        for (int look = 0; !left.isEmpty(); look++) {
            Map<String, List<StateBody>> states =
                    fleet.listStates().stream()
                            .collect(Collectors.groupingBy(s -> String.valueOf(s.name())));
            for (String name : List.copyOf(left)) {
                String active = active(states.getOrDefault(name, List.of()));
                boolean ended = active.equals("inactive") && look >= LOOKS_UNTIL_ENDED;
                if (active.equals("failed")) {
                    failed.add(name);
                }
                if (active.equals("active") || active.equals("failed") || ended) {
                    left.remove(name);
                }
            }
            if (!left.isEmpty()) {
                pause(Set.of(), JobState.LAUNCHED);
            }
        }
        if (!failed.isEmpty()) {
            throw new CommandFailure(
                    "started, and failed: %s: see 'flotilla status %s'"
                            .formatted(String.join(" ", failed), failed.iterator().next()));
        }
    }

    private static String active(List<StateBody> states) {
        return states.stream()
                .map(state -> String.valueOf(state.systemdActiveState()))
                .findFirst()
                .orElse("");
    }

    /** Until no machine has them any more. */
    void awaitGone(Set<String> units) throws InterruptedException {
        while (fleet.listStates().stream().anyMatch(s -> units.contains(s.name()))) {
            pause(Set.of(), JobState.INACTIVE);
        }
    }

    private void pause(Set<String> waiting, JobState state) throws InterruptedException {
        looks++;
        if (looks >= looksMax) {
            throw new CommandFailure(
                    "timed out waiting for "
                            + (waiting.isEmpty() ? "units" : String.join(" ", waiting))
                            + "; it is still wanted, see 'flotilla status'");
        }
        if (state != JobState.INACTIVE && looks % LOOKS_PER_ATTEMPT == 0) {
            waiting.forEach(this::explain);
        }
        Thread.sleep(PAUSE);
    }

    /** Says on stderr why a unit waits, each reason once. */
    private void explain(String unit) {
        try {
            fleet.status(unit)
                    .map(Waiter::reasons)
                    .filter(words -> !words.isEmpty() && !words.equals(said.put(unit, words)))
                    .ifPresent(System.err::println);
        } catch (FleetException e) {
            System.err.println(unit + " waits: " + e.getMessage());
        }
    }

    /** Why a unit is not placed, a line per machine; empty when it is. */
    static String reasons(StatusBody status) {
        if (status.waiting() == null) {
            return "";
        }
        return reasons(status.name(), status.waiting(), status.refusals());
    }

    private static String reasons(
            String unit, String waiting, @Nullable List<StatusBody.RefusalBody> refusals) {
        StringBuilder words = new StringBuilder(unit + " waits: " + waiting);
        if (refusals != null) {
            refusals.forEach(refusal ->
                    words.append("\n  ")
                            .append(refusal.machine())
                            .append(": ")
                            .append(refusal.reason()));
        }
        return words.toString();
    }
}
