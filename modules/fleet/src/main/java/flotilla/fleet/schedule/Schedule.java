package flotilla.fleet.schedule;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a settled board says. Why something is so is only worked out when asked. */
public final class Schedule {
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
     * What each check finds of a unit at a machine, as if it came there now; empty when either is
     * not known.
     */
    public List<Finding> findings(String unit, String machineId) {
        Line line = board.roster().find(unit);
        Seat seat = board.seats().find(machineId);
        return line == null || seat == null
                ? List.of()
                : without(
                        line,
                        seat,
                        () -> checks(line).stream().map(c -> finding(c, line, seat)).toList());
    }

    private static Finding finding(Check check, Line line, Seat seat) {
        return new Finding(
                check.title(),
                check.holds(seat, line.shape)
                        ? Optional.empty()
                        : Optional.of(check.words(seat, line.shape)));
    }

    /** How a machine ranks for a unit, as if it came there now: the first ranking weighs most. */
    public List<Score> scores(String unit, String machineId) {
        Line line = board.roster().find(unit);
        Seat seat = board.seats().find(machineId);
        return line == null || seat == null
                ? List.of()
                : without(
                        line,
                        seat,
                        () ->
                                Ranking.ALL.stream()
                                        .map(r -> new Score(r.title(), r.cost(seat, line.shape)))
                                        .toList());
    }

    /** A unit that is there does not stand in its own way. */
    private static <T> List<T> without(Line line, Seat seat, Supplier<List<T>> ask) {
        if (!line.isOn(seat)) {
            return ask.get();
        }
        seat.remove(line);
        try {
            return ask.get();
        } finally {
            seat.add(line);
        }
    }
}
