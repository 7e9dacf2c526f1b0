package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.News;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.Eligibility;
import flotilla.platform.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Waits until a machine that is drained has no unit any more: none that belongs to it, and none
 * that it reports. Says on stderr which are still there, and why they can't leave.
 */
final class Emptying {
    /** How often it asks why what is left is left. */
    private static final Duration QUESTION = Duration.ofSeconds(2);

    /** What says that a unit came or went, or that the machine is not drained any more. */
    private static final Set<String> KINDS = Set.of("placement", "state", "eligibility");

    /** Units named, and asked for, while it goes on. At its end all are. */
    private static final int NAMED_MAX = 8;

    private final FleetClient fleet;
    private final String machine;
    private final String label;
    private final Clock clock = Clock.system();
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
        long begunNanos = clock.nanos();
        long explainNanos = QUESTION.toNanos();
        Set<String> before = Set.of();
        try (News news = fleet.news(new EventFilter(KINDS, Set.of(), Set.of(machine)))) {
            while (true) {
                long spentNanos = clock.nanos() - begunNanos;
                long restNanos = Math.min(limit.toNanos(), explainNanos) - spentNanos;
                List<News.Item> items = news.await(Duration.ofNanos(Math.max(0, restNanos)));
                Map<String, String> left = left();
                if (left.isEmpty()) {
                    return;
                }
                spentNanos = clock.nanos() - begunNanos;
                if (spentNanos >= limit.toNanos()) {
                    throw new CommandFailure(report(left));
                }
                if (!left.keySet().equals(before)) {
                    System.err.println(progress(left.keySet()));
                    before = left.keySet();
                }
                if (items.stream().anyMatch(item -> item.kind().equals("eligibility"))) {
                    requireDraining();
                }
                if (spentNanos >= explainNanos) {
                    requireDraining();
                    left.keySet().stream().limit(NAMED_MAX).forEach(this::explain);
                    explainNanos = spentNanos + QUESTION.toNanos();
                }
            }
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
        for (UnitBody unit : fleet.unitsOf(machine)) {
            boolean leaves = "inactive".equals(unit.desiredState());
            left.put(
                    String.valueOf(unit.name()),
                    leaves ? "told to leave" : "not yet told to leave");
        }
        for (StateBody state : fleet.statesOn(machine)) {
            left.put(
                    String.valueOf(state.name()),
                    state.systemdActiveState() + " (" + state.systemdSubState() + ")");
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
                    .map(Reasons::of)
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
