package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.News;
import flotilla.fleet.api.RolloutBody;
import flotilla.fleet.api.RolloutBody.Member;
import flotilla.units.UnitName;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Waits until a rollout has come to its end, and says meanwhile how each of its units fares. It
 * looks when fleet says that something has changed. Ctrl-C ends only the waiting.
 */
final class RolloutWatch {
    /** What the standing of a unit follows from, and the rollout itself. */
    private static final Set<String> KINDS =
            Set.of("rollout", "unit", "owner", "placement", "acknowledgement");

    private static final Set<String> ENDS = Set.of("done", "undone", "failed");

    /** It waits for news, and for nothing else. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final FleetClient fleet;
    private final PrintStream out;
    private final Map<String, String> said = new HashMap<>();
    private String phase = "";

    /**
     * @param out gets a line for each step of a unit
     */
    RolloutWatch(FleetClient fleet, PrintStream out) {
        this.fleet = fleet;
        this.out = out;
    }

    /**
     * Blocks; returns it as it has ended.
     *
     * @throws CommandFailure when somebody began another one in its place
     */
    RolloutBody await(RolloutBody begun) throws InterruptedException {
        UnitName set = new UnitName(begun.name());
        try (News news = fleet.news(new EventFilter(KINDS, Set.of(), Set.of()))) {
            while (true) {
                if (news.await(LONG).stream().noneMatch(item -> concerns(set, item))) {
                    continue;
                }
                RolloutBody now =
                        fleet.rollout(begun.name())
                                .filter(found -> found.hash().equals(begun.hash()))
                                .orElseThrow(() ->
                                        new CommandFailure(
                                                "another rollout of "
                                                        + begun.name()
                                                        + " has taken the place of this one"));
                say(now);
                if (ENDS.contains(now.phase())) {
                    out.println(sentence(now));
                    return now;
                }
            }
        }
    }

    private static boolean concerns(UnitName set, News.Item item) {
        return item.isReset()
                || item.name().equals(set.full())
                || (set.isTemplate() && item.name().startsWith(set.prefix() + "@"));
    }

    private void say(RolloutBody now) {
        if (!phase.equals(now.phase()) && !ENDS.contains(now.phase())) {
            phase = now.phase();
            if (!phase.equals("running")) {
                out.println(sentence(now));
            }
        }
        Machines machines = Machines.of(fleet);
        boolean back = now.phase().equals("undoing") || now.phase().equals("undone");
        List<Member> units = Objects.requireNonNullElse(now.units(), List.of());
        for (Member unit : units) {
            String one = copy(unit, units);
            if (unit.isNew() || (back && said.containsKey(one))) {
                String line = line(unit, machines);
                if (!line.equals(said.put(one, line))) {
                    out.println(line);
                }
            }
        }
    }

    /** A unit that is on several machines is told of on each. */
    private static String copy(Member unit, List<Member> units) {
        boolean several =
                units.stream().filter(other -> other.name().equals(unit.name())).count() > 1;
        return several ? unit.name() + " on " + unit.machineID() : unit.name();
    }

    private static String line(Member unit, Machines machines) {
        String machine = unit.machineID();
        return "%s %s text%s: %s"
                .formatted(
                        unit.name(),
                        unit.text(),
                        machine == null ? "" : " on " + machines.label(machine),
                        unit.health());
    }

    /** Such as {@code Rollout of api@.service undone: api@2.service failed}. */
    static String sentence(RolloutBody rollout) {
        List<Member> units = Objects.requireNonNullElse(rollout.units(), List.of());
        long fresh = units.stream().filter(Member::isNew).count();
        String reason =
                rollout.reason().isEmpty()
                        ? "%d of %d units have the new text".formatted(fresh, units.size())
                        : rollout.reason();
        return "Rollout of %s %s: %s".formatted(rollout.name(), rollout.phase(), reason);
    }
}
