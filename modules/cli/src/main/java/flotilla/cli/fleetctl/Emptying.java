package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.Eligibility;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks on until a machine that is drained has no unit any more: none that belongs to it, and none
 * that it reports. Says on stderr which are still there, and why they can't leave.
 */
final class Emptying {
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Looks between two times of asking why what is left is left: two seconds. */
    private static final int LOOKS_PER_QUESTION = 8;

    /** Units named, and asked for, while it goes on. At its end all are. */
    private static final int NAMED_MAX = 8;

    private final FleetClient fleet;
    private final String machine;
    private final String label;
    private final Set<String> said = new TreeSet<>();

    /**
     * @param machine its id
     * @param label its name for people
     */
    Emptying(FleetClient fleet, String machine, String label) {
        this.fleet = fleet;
        this.machine = machine;
        this.label = label;
    }

    /**
     * @throws CommandFailure when units are left by then, with each and why
     */
    void await(Duration limit) throws InterruptedException {
        long begun = System.nanoTime();
        Set<String> before = Set.of();
        for (int looks = 1; ; looks++) {
            Map<String, String> left = left();
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - begun >= limit.toNanos()) {
                throw new CommandFailure(report(left));
            }
            if (!left.keySet().equals(before)) {
                System.err.println(progress(left.keySet()));
                before = left.keySet();
            }
            if (looks % LOOKS_PER_QUESTION == 0) {
                requireDraining();
                left.keySet().stream().limit(NAMED_MAX).forEach(this::explain);
            }
            Thread.sleep(PAUSE);
        }
    }

    /** What is waited for will not come once somebody else says that units may come again. */
    private void requireDraining() {
        fleet.listMachines().stream()
                .filter(there -> machine.equals(there.id()))
                .map(there -> String.valueOf(there.eligibility()))
                .filter(word -> !word.equals(Eligibility.DRAINING.text()))
                .findFirst()
                .ifPresent(word -> {
                    throw new CommandFailure(
                            "%s is %s now, not drained: it was told so meanwhile"
                                    .formatted(label, word));
                });
    }

    /** What the machine still has, each with what its init says of it. */
    private Map<String, String> left() {
        Map<String, String> left = new TreeMap<>();
        for (UnitBody unit : fleet.listUnits()) {
            if (machine.equals(unit.machineID())) {
                left.put(String.valueOf(unit.name()), "not yet told to leave");
            }
        }
        for (StateBody state : fleet.listStates()) {
            if (machine.equals(state.machineID())) {
                left.put(
                        String.valueOf(state.name()),
                        state.systemdActiveState() + " (" + state.systemdSubState() + ")");
            }
        }
        return left;
    }

    private String progress(Set<String> left) {
        String names = left.stream().limit(NAMED_MAX).collect(Collectors.joining(" "));
        int more = left.size() - NAMED_MAX;
        return "%s still has %d: %s%s"
                .formatted(label, left.size(), names, more > 0 ? " and " + more + " more" : "");
    }

    /** Each reason once. */
    private void explain(String unit) {
        String reasons = reasons(unit);
        if (!reasons.isEmpty() && said.add(reasons)) {
            System.err.println(reasons);
        }
    }

    /** Why it can't leave; empty when it can, or fleet can't say. */
    private String reasons(String unit) {
        try {
            return fleet.status(unit)
                    .filter(status -> machine.equals(status.machineID()))
                    .map(Waiter::reasons)
                    .orElse("");
        } catch (FleetException e) {
            return "";
        }
    }

    private String report(Map<String, String> left) {
        List<String> lines =
                left.entrySet().stream()
                        .map(unit -> {
                            String why = reasons(unit.getKey());
                            return why.isEmpty()
                                    ? unit.getKey() + " is still there: " + unit.getValue()
                                    : why;
                        })
                        .toList();
        return "%s still has %d at the deadline:\n%s\n%s"
                .formatted(
                        label,
                        left.size(),
                        String.join("\n", lines),
                        "No unit comes to it: 'flotilla drain' waits on, 'flotilla uncordon' takes"
                                + " it back");
    }
}
