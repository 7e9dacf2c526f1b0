package flotilla.fleet.schedule;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The outcome of one pass. Why a unit has no machine is only worked out when asked. */
public final class Schedule {
    private final Map<String, Task> tasks;
    private final Map<String, Seat> seats;
    private final Map<String, Placement> placed;
    private final Map<String, Set<String>> global;

    Schedule(
            Map<String, Task> tasks,
            Map<String, Seat> seats,
            Map<String, Placement> placed,
            Map<String, Set<String>> global) {
        this.tasks = Map.copyOf(tasks);
        this.seats = seats;
        this.placed = Map.copyOf(placed);
        this.global = Map.copyOf(global);
    }

    /**
     * Where a unit that is not global belongs; empty when it can't be placed. Its reason says of
     * one that stays on a drained machine why it can't leave.
     */
    public Optional<Placement> placement(String unit) {
        return Optional.ofNullable(placed.get(unit));
    }

    /** The ids of the machines that a global unit belongs on. */
    public Set<String> machines(String globalUnit) {
        return global.getOrDefault(globalUnit, Set.of());
    }

    /** The units that found no machine. */
    public Set<String> pending() {
        return tasks.keySet().stream()
                .filter(name -> !placed.containsKey(name) && !global.containsKey(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why each machine without the unit can't have it, in order of their ids. */
    public List<Refusal> refusals(String unit) {
        Task task = tasks.get(unit);
        if (task == null) {
            return List.of();
        }
        return seats.values().stream()
                .filter(seat -> !seat.has(unit))
                .flatMap(seat -> refusal(seat, task).stream())
                .toList();
    }

    /** Why that machine can't have the unit; empty when it can, has it or is not there. */
    public Optional<Refusal> refusal(String unit, String machineId) {
        Task task = tasks.get(unit);
        Seat seat = seats.get(machineId);
        return task == null || seat == null || seat.has(unit)
                ? Optional.empty()
                : refusal(seat, task);
    }

    private static Optional<Refusal> refusal(Seat seat, Task task) {
        Optional<String> reason =
                task.requirements().global() ? seat.excludes(task) : seat.refuses(task);
        return reason.map(why -> new Refusal(seat.machine.id(), seat.machine.label(), why));
    }
}
