package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
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

    /** Looks on end that must show a unit gone or wanted otherwise: a second. */
    private static final int LOOKS_TO_BELIEVE = 4;

    /** Units up to which each is asked for by name. */
    private static final int FEW = 8;

    /** What a unit's init says while processes of it may be there. */
    private static final Set<String> ALIVE =
            Set.of("active", "activating", "deactivating", "reloading");

    private final FleetClient fleet;
    private final int looksMax;
    private final Map<String, String> said = new HashMap<>();
    private final Map<String, Integer> unwanted = new HashMap<>();
    private int looks;

    /**
     * @param attempts of two seconds each; 0 is for ever
     */
    Waiter(FleetClient fleet, int attempts) {
        this.fleet = fleet;
        this.looksMax = attempts <= 0 ? Integer.MAX_VALUE : attempts * LOOKS_PER_ATTEMPT;
    }

    /** Until each is in the state; prints a line per unit. */
    void await(Collection<String> units, JobState state) throws InterruptedException {
        await(units, state, unit -> System.out.println(line(unit, state)));
    }

    /** The same without a word. */
    void awaitQuietly(Collection<String> units, JobState state) throws InterruptedException {
        await(units, state, _ -> {});
    }

    private void await(Collection<String> units, JobState state, Consumer<UnitBody> arrived)
            throws InterruptedException {
        Set<String> left = new TreeSet<>(units);
        while (true) {
            Map<String, UnitBody> now = look(left);
            left.forEach(unit -> requireWanted(unit, now.get(unit), state));
            List<UnitBody> there =
                    left.stream()
                            .map(now::get)
                            .filter(unit ->
                                    unit != null && state.text().equals(unit.currentState()))
                            .toList();
            there.forEach(arrived);
            there.forEach(unit -> left.remove(String.valueOf(unit.name())));
            if (left.isEmpty()) {
                return;
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

    /** What machines say of these units. */
    List<StateBody> states(Set<String> names) {
        return names.size() <= FEW
                ? names.stream().flatMap(name -> fleet.states(name).stream()).toList()
                : fleet.listStates().stream()
                        .filter(state -> names.contains(String.valueOf(state.name())))
                        .toList();
    }

    /**
     * What is waited for will not come when the unit is gone or somebody else wants it otherwise.
     * One look proves neither: the machine that is asked may be a moment behind the store.
     */
    private void requireWanted(String unit, @Nullable UnitBody now, JobState state) {
        String wanted = now == null ? "" : String.valueOf(now.desiredState());
        if (wanted.equals(state.text())) {
            unwanted.remove(unit);
            return;
        }
        if (unwanted.merge(unit, 1, Integer::sum) < LOOKS_TO_BELIEVE) {
            return;
        }
        throw new CommandFailure(
                now == null
                        ? "Unit " + unit + " was destroyed meanwhile"
                        : "Unit %s is wanted %s now, not %s: it was told so meanwhile"
                                .formatted(unit, wanted, state.text()));
    }

    /** Until it is known how each fares; fails for those that did not start or do not last. */
    void awaitRunning(Collection<String> units) throws InterruptedException {
        Set<String> left = new TreeSet<>(units);
        Map<String, Settling> settling = new HashMap<>();
        Map<String, String> failed = new TreeMap<>();
        while (!left.isEmpty()) {
            Set<String> waiting = new TreeSet<>(left);
            Map<String, List<StateBody>> states =
                    states(left).stream()
                            .collect(Collectors.groupingBy(s -> String.valueOf(s.name())));
            states.forEach((name, everywhere) -> {
                boolean settled = true;
                for (StateBody state : everywhere) {
                    String place = name + " " + state.machineID();
                    Settling.Verdict verdict =
                            settling.computeIfAbsent(place, _ -> new Settling()).see(state);
                    settled &= verdict != Settling.Verdict.WAITS;
                    note(verdict, state, failed);
                }
                if (settled) {
                    waiting.remove(name);
                }
            });
            left = waiting;
            if (!left.isEmpty()) {
                Map<String, UnitBody> now = look(left);
                left.forEach(unit -> requireWanted(unit, now.get(unit), JobState.LAUNCHED));
                pause(left, JobState.LAUNCHED);
            }
        }
        if (!failed.isEmpty()) {
            String first = failed.keySet().iterator().next();
            throw new CommandFailure(
                    "launched, but not running: %s: 'flotilla status %s' says more"
                            .formatted(String.join(", ", failed.values()), first));
        }
    }

    private void note(Settling.Verdict verdict, StateBody state, Map<String, String> failed) {
        String name = String.valueOf(state.name());
        switch (verdict) {
            case WAITS, RUNS -> {}
            case ENDED -> {
                if (said.put(name, "ended") == null) {
                    System.err.println("Unit " + name + " has run and ended");
                }
            }
            case FAILED ->
                    failed.put(
                            name,
                            "loaded".equals(state.systemdLoadState())
                                    ? name + " failed"
                                    : name + " can't be loaded (" + state.systemdLoadState() + ")");
            case RESTARTS -> failed.put(name, name + " keeps being restarted");
        }
    }

    /** Until no machine has a process of theirs any more. */
    void awaitStopped(Set<String> units) throws InterruptedException {
        while (states(units).stream()
                .anyMatch(state -> ALIVE.contains(String.valueOf(state.systemdActiveState())))) {
            pause(units, JobState.INACTIVE);
        }
    }

    /** Until no machine has them any more. */
    void awaitGone(Set<String> units) throws InterruptedException {
        while (!states(units).isEmpty()) {
            pause(units, JobState.INACTIVE);
        }
    }

    private void pause(Set<String> waiting, JobState state) throws InterruptedException {
        looks++;
        if (looks >= looksMax) {
            throw new CommandFailure(
                    "timed out waiting for "
                            + String.join(" ", waiting)
                            + "; it stays asked for, see 'flotilla status'");
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
                    .map(Waiter::waits)
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

    /** Why a unit waits: it is not placed, or its machine can't load it. */
    private static String waits(StatusBody status) {
        String reasons = reasons(status);
        return reasons.isEmpty()
                ? Objects.requireNonNullElse(status.states(), List.<StateBody>of()).stream()
                        .filter(state -> state.systemdLoadError() != null)
                        .map(state ->
                                "%s can't be loaded, which is tried again: %s"
                                        .formatted(state.name(), state.systemdLoadError()))
                        .collect(Collectors.joining("\n"))
                : reasons;
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
