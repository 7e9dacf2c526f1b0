package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a settled board says. Why something is so is only worked out when asked. */
public final class Schedule {
    private static final Comparator<Standing> BEST_FIRST =
            Comparator.comparing((Standing standing) -> !standing.fits())
                    .thenComparing(
                            standing -> standing.fits() ? standing.scores() : List.<Score>of(),
                            Schedule::compare)
                    .thenComparing(Standing::machineId);

    private final Board board;

    Schedule(Board board) {
        this.board = board;
    }

    /**
     * Where a unit that is not global belongs; empty when it can't be placed. Its reason says of
     * one that stays on a drained machine why it can't leave.
     */
    public Optional<Placement> placement(String unit) {
        Line line = board.roster().find(unit);
        return line == null || line.seat == null
                ? Optional.empty()
                : Optional.of(new Placement(line.seat.id(), line.reason()));
    }

    /**
     * What spoke for the machine that a unit has come to, when it did; empty once the cluster says
     * that it is there, and when it has none.
     */
    public Optional<Merit> merit(String unit) {
        Line line = board.roster().find(unit);
        return line == null || line.choice == null
                ? Optional.empty()
                : Optional.of(line.choice.merit(line.shape));
    }

    /** The ids of the machines that a global unit belongs on. */
    public Set<String> machines(String globalUnit) {
        Line line = board.roster().find(globalUnit);
        return line == null ? Set.of() : Collections.unmodifiableSet(line.everywhere.keySet());
    }

    /** The units that found no machine. */
    public Set<String> pending() {
        return board.roster().lines().stream()
                .filter(line -> line.seat == null && !line.shape.global())
                .map(line -> line.name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why each machine without the unit can't have it, in order of their ids. */
    public List<Refusal> refusals(String unit) {
        Line line = board.roster().find(unit);
        return line == null
                ? List.of()
                : board.seats().all().stream()
                        .flatMap(seat -> refusal(line, seat).stream())
                        .toList();
    }

    /** Why that machine can't have the unit; empty when it can, has it or is not there. */
    public Optional<Refusal> refusal(String unit, String machineId) {
        Line line = board.roster().find(unit);
        Seat seat = board.seats().find(machineId);
        return line == null || seat == null ? Optional.empty() : refusal(line, seat);
    }

    private static Optional<Refusal> refusal(Line line, Seat seat) {
        Check broken = line.isOn(seat) ? null : Check.broken(checks(line), seat, line.shape);
        return broken == null
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                seat.id(), seat.machine().label(), broken.words(seat, line.shape)));
    }

    private static List<Check> checks(Line line) {
        return line.shape.global() ? Check.GLOBAL : Check.ARRIVAL;
    }

    /**
     * What there is to say of a unit at each machine: those that can have it first, the best of
     * them before all; then the others by id. Empty when the unit wants no machine.
     */
    public List<Standing> standings(String unit) {
        Line line = board.roster().find(unit);
        if (line == null) {
            return List.of();
        }
        List<Seat> homes = new ArrayList<>(line.everywhere.values());
        Optional.ofNullable(line.seat).ifPresent(homes::add);
        // A unit that is there does not stand in its own way.
        homes.forEach(seat -> seat.remove(line));
        try {
            Tally tally = new Tally(line.shape, board.seats());
            return board.seats().all().stream()
                    .map(seat -> standing(line, seat, tally))
                    .sorted(BEST_FIRST)
                    .toList();
        } finally {
            homes.forEach(seat -> seat.add(line));
        }
    }

    private static Standing standing(Line line, Seat seat, Tally tally) {
        Shape shape = line.shape;
        return new Standing(
                seat.id(),
                seat.machine().label(),
                line.isOn(seat),
                checks(line).stream().map(check -> finding(check, line, seat)).toList(),
                shape.global()
                        ? List.of()
                        : shape.rankings.stream()
                                .map(ranking -> ranking.score(ranking.cost(seat, shape, tally)))
                                .toList());
    }

    private static Finding finding(Check check, Line line, Seat seat) {
        return new Finding(
                check.title(),
                check.holds(seat, line.shape)
                        ? Optional.empty()
                        : Optional.of(check.words(seat, line.shape)));
    }

    private static int compare(List<Score> some, List<Score> others) {
        for (int i = 0; i < some.size(); i++) {
            int order = Long.compare(some.get(i).cost(), others.get(i).cost());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
